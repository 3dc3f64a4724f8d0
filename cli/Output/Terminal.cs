namespace HostAgent.Cli.Output;

/// <summary>Where output goes and what it may look like there.</summary>
internal sealed record Terminal
{
    /// <summary>Standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Environment variables.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Asks for a secret: prints the prompt and shows nothing of what is typed, or reads a line when nobody types. Null at the end of input.</summary>
    public Func<string, string?> ReadSecret { get; init; } = static _ => null;

    /// <summary>Output goes to a file or a pipe: no colour, no cursor movements.</summary>
    public required bool OutputRedirected { get; init; }

    /// <summary>Size of the window in columns and lines; asked anew each time, since windows change.</summary>
    public required Func<(int Columns, int Lines)> Size { get; init; }

    /// <summary>Somebody sits there: questions can be asked, and <see cref="ReadLine"/> waits for the answer. Default: nobody.</summary>
    public bool Interactive { get; init; }

    /// <summary>A line that was typed; null at the end of input.</summary>
    public Func<string?> ReadLine { get; init; } = static () => null;

    /// <summary>Colour: only on a terminal, and not when NO_COLOR (https://no-color.org) or TERM=dumb asks for none.</summary>
    public bool Colour => !OutputRedirected && string.IsNullOrEmpty(Environment("NO_COLOR")) && Environment("TERM") != "dumb";

    /// <summary>The locale's characters include block graphics.</summary>
    public bool Unicode
        => (Environment("LC_ALL") is { Length: > 0 } all ? all : Environment("LC_CTYPE") is { Length: > 0 } type ? type : Environment("LANG") ?? "")
            .Replace("-", "", StringComparison.Ordinal).Contains("UTF8", StringComparison.OrdinalIgnoreCase);

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false), 16_384) { AutoFlush = true };
        return new Terminal
        {
            Out = output,
            Error = Console.Error,
            Environment = System.Environment.GetEnvironmentVariable,
            OutputRedirected = Console.IsOutputRedirected,
            Interactive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            ReadLine = Console.ReadLine,
            ReadSecret = Secrets.Read,
            Size = static () => Console.IsOutputRedirected ? (120, int.MaxValue) : (Math.Max(40, Console.WindowWidth), Math.Max(10, Console.WindowHeight)),
        };
    }

    /// <summary>Text in an ANSI style (<see cref="Style"/>), or plain when there is no colour.</summary>
    public string Paint(string style, string text) => Colour && style.Length > 0 ? $"\e[{style}m{text}\e[0m" : text;
}
