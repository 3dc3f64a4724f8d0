using System.Globalization;

namespace HostAgent.Torture;

/// <summary>What a torture run is made of.</summary>
internal sealed record TortureOptions
{
    /// <summary>How long faults are injected. Default 60 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Decides the schedule of every lane. Default: taken from the clock, and printed.</summary>
    public int Seed { get; init; } = Environment.TickCount & 0xFFFFFF;

    /// <summary>How many agents stream to the one aggregator. Default 3, at least 1.</summary>
    public int Agents { get; init; } = 3;

    /// <summary>Sampling interval of every agent. Default 100 ms: ten times the frames of an ordinary agent.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Where the run keeps its files; default: a new directory among the temporary files.</summary>
    public string? Directory { get; init; }

    /// <summary>Keeps the files of a run without findings, too. Default false.</summary>
    public bool Keep { get; init; }

    /// <summary>Reads <c>[[--seconds] SECONDS] [--seed N] [--agents N] [--interval MS] [--directory DIR] [--keep]</c>.</summary>
    /// <exception cref="FormatException">An argument is not understood.</exception>
    public static TortureOptions Parse(IReadOnlyList<string> args)
    {
        var options = new TortureOptions();
        for (int i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(args, ++i, 1)) },
                "--seed" => options with { Seed = Number(args, ++i, 0) },
                "--agents" => options with { Agents = Number(args, ++i, 1) },
                "--interval" => options with { Interval = TimeSpan.FromMilliseconds(Number(args, ++i, 20)) },
                "--directory" => options with { Directory = ++i < args.Count ? args[i] : throw new FormatException("--directory needs a path") },
                "--keep" => options with { Keep = true },
                _ => options with { Duration = TimeSpan.FromSeconds(Number(args, i, 1)) },
            };
        }

        return options;
    }

    private static int Number(IReadOnlyList<string> args, int index, int least)
        => index < args.Count && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new FormatException($"'{(index < args.Count ? args[index] : args[^1])}': a whole number of at least {least} is expected");
}
