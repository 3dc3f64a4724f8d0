using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HostAgent.Cli.Help;

/// <summary>The parser's help, followed by the sections of a manual page.</summary>
internal sealed class ManualHelp(HelpAction help) : SynchronousCommandLineAction
{
    private const string CommonExitCodes = """
        64  the command line, or a selector or time in it, is wrong
        69  the aggregator cannot be reached or cannot answer now
        70  what answered is no aggregator, or one of the two programs has a defect
        77  the aggregator wants a token, or one that may do more
        """;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = 110;
        help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is not ManualCommand manual)
        {
            Section(output, "Finding the aggregator", """
                --aggregator URL or --endpoints FILE, else the variable HOSTCTL_AGGREGATOR, else the endpoints.json of an aggregator on this machine
                ($XDG_STATE_HOME/hostaggregator, /var/lib/hostaggregator, the one of ./build.sh run), else http://127.0.0.1:7480.
                """);
            Section(output, "Showing a token", """
                --token-file FILE, else HOSTCTL_TOKEN, else the file that HOSTCTL_TOKEN_FILE names, else what hostctl login keeps for this aggregator, else
                the admin.token beside the endpoints.json that the aggregator was found by. Reading on loopback needs none, unless the aggregator wants it.
                """);
            Section(output, "Environment", """
                HOSTCTL_AGGREGATOR  the aggregator's HTTP address
                HOSTCTL_TOKEN       a token; HOSTCTL_TOKEN_FILE: a file that holds one
                HOSTCTL_CA          PEM file of the authority that signs the aggregator's certificate
                HOSTCTL_OPERATOR    your name in the agents' operators directories, when you sign
                NO_COLOR            when set: no colour; there is none anyway unless the output is a terminal
                """);
            Section(output, "Exit codes", "0   done, and the answer is good\n1   a negative answer: nothing matches, no such host, health says warning\n"
                + "2   a critical answer: health says unhealthy\n" + CommonExitCodes);
            Section(output, "Examples", """
                hostctl top
                hostctl query host_load1
                hostctl query 'host_cpu_all_seconds_total{mode="idle"}' --range 1h --step 1m --agg rate
                hostctl health || echo "look at the aggregator"
                """);
            return Cli.ExitCodes.Ok;
        }

        if (manual.Notes is not null)
        {
            Section(output, "Notes", manual.Notes);
        }

        Section(output, "Exit codes", (manual.ExitCodes ?? "0   done") + "\n" + CommonExitCodes);
        Section(output, "Examples", manual.Examples);
        return Cli.ExitCodes.Ok;
    }

    private static void Section(TextWriter output, string title, string text)
    {
        output.WriteLine($"{title}:");
        foreach (string line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            output.WriteLine("  " + line);
        }

        output.WriteLine();
    }
}
