using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>What is said when a selector means nothing.</summary>
internal static class Nothing
{
    /// <summary>0 when there are results; otherwise says so and gives 1.</summary>
    public static int ExitCodeOf(int results, string selector, Terminal terminal)
    {
        if (results > 0)
        {
            return ExitCodes.Ok;
        }

        terminal.Error.WriteLine($"hostctl: nothing matches {selector}; hostctl series '{{__name__=~\".+\"}}' lists what there is");
        return ExitCodes.Negative;
    }
}
