using System.Globalization;

namespace HostAgent.GrpcBench;

/// <summary>How long to measure.</summary>
/// <param name="Rounds">Runs of every workload by every runtime, of which the table gives the median; default 3.</param>
/// <param name="Seconds">Length of one run; default 3 s.</param>
internal sealed record BenchOptions(int Rounds = 3, double Seconds = 3)
{
    /// <summary>The options of a command line, or null when it is wrong.</summary>
    public static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out double value))
            {
                return null;
            }

            switch (args[i])
            {
                case "--rounds" when value is >= 1 and <= 20:
                    options = options with { Rounds = (int)value };
                    break;
                case "--seconds" when value is >= 1 and <= 30:
                    options = options with { Seconds = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
