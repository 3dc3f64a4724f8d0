namespace HostAgent.Cli.Output;

/// <summary>ANSI styles (ECMA-48 SGR parameters) by meaning.</summary>
internal static class Style
{
    /// <summary>As usual.</summary>
    public const string Plain = "";

    /// <summary>Headings.</summary>
    public const string Heading = "1";

    /// <summary>Less important.</summary>
    public const string Faint = "2";

    /// <summary>All is well.</summary>
    public const string Good = "32";

    /// <summary>Worth a look.</summary>
    public const string Warning = "33";

    /// <summary>Needs somebody.</summary>
    public const string Bad = "31";

    /// <summary>The style for a state word of the aggregator.</summary>
    public static string OfState(string state) => state switch
    {
        "up" or "healthy" or "present" => Good,
        "stale" or "warning" or "late" => Warning,
        _ => Bad,
    };

    /// <summary>The style for the state of a command, a schedule or a runbook.</summary>
    public static string OfRun(string state) => state switch
    {
        "succeeded" or "done" => Good,
        "pending" or "delivered" or "running" or "open" or "concluded" or "waiting" or "skipped" => Plain,
        "pending-approval" or "cancelled" or "approval" => Warning,
        _ => Bad,
    };

    /// <summary>The style for a fullness of 0 to 1: warning from 80 %, bad from 90 %.</summary>
    public static string OfFullness(double? ratio) => ratio switch
    {
        >= 0.9 => Bad,
        >= 0.8 => Warning,
        _ => Plain,
    };
}
