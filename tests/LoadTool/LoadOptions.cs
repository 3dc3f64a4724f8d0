using System.Globalization;

namespace HostAgent.LoadTool;

/// <summary>What to simulate.</summary>
internal sealed record LoadOptions
{
    public const string Usage =
        """
        Usage: LoadTool --grpc https://127.0.0.1:PORT --ca FILE [options]

        Simulates agents that stream samples to an aggregator, and prints what came of it as one JSON object per step.

          --ca FILE         the aggregator's ca.crt; ca.key must lie beside it: it signs a certificate for each simulated agent
          --agents N        simulated agents, each with a connection of its own (default 1000)
          --series N        series per agent (default 100)
          --interval TIME   between two frames of an agent, such as 1s or 250ms (default 1s)
          --duration TIME   how long to measure, after the ramp (default 30s)
          --ramp TIME       spreads the agents' first Hello over so long (default 5s)
          --changing P      share of series that change from frame to frame (default 0.4)
          --ceiling         then raise the rate by a quarter per step until acks fall behind
          --step TIME       length of a step of --ceiling (default 8s)
          --pid N           aggregator's process, to report its CPU and memory
        """;

    public string Grpc { get; init; } = "";

    public string CaFile { get; init; } = "";

    public int Agents { get; init; } = 1000;

    public int Series { get; init; } = 100;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Ramp { get; init; } = TimeSpan.FromSeconds(5);

    public double Changing { get; init; } = 0.4;

    public bool Ceiling { get; init; }

    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(8);

    public int? ServerPid { get; init; }

    /// <exception cref="FormatException">An option is unknown or its value is not allowed.</exception>
    public static LoadOptions Parse(string[] args)
    {
        var options = new LoadOptions();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new FormatException($"{name} needs a value");
            options = name switch
            {
                "--grpc" => options with { Grpc = Value() },
                "--ca" => options with { CaFile = Value() },
                "--agents" => options with { Agents = Count(name, Value()) },
                "--series" => options with { Series = Count(name, Value()) },
                "--interval" => options with { Interval = Time(name, Value()) },
                "--duration" => options with { Duration = Time(name, Value()) },
                "--ramp" => options with { Ramp = Time(name, Value()) },
                "--changing" => options with { Changing = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--ceiling" => options with { Ceiling = true },
                "--step" => options with { Step = Time(name, Value()) },
                "--pid" => options with { ServerPid = Count(name, Value()) },
                _ => throw new FormatException($"{name} is not an option"),
            };
        }

        return options.Grpc.Length > 0 ? options : throw new FormatException("--grpc is missing");
    }

    private static int Count(string name, string text)
        => int.TryParse(text, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : throw new FormatException($"{name} {text}: a number from 1 on is wanted");

    private static TimeSpan Time(string name, string text)
    {
        (string number, double unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001) : text.EndsWith('s') ? (text[..^1], 1.0) : (text, 1.0);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0
            ? TimeSpan.FromSeconds(value * unit)
            : throw new FormatException($"{name} {text}: a time such as 1s or 250ms is wanted");
    }
}
