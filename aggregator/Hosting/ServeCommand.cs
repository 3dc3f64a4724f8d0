using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The command line of hostaggregator.</summary>
internal static class ServeCommand
{
    private static readonly string Footer = $"""
        Environment:
          Every option has a variable: --data is {SettingsReader.VariableOf("--data")}, --log-format is {SettingsReader.VariableOf("--log-format")}.
          The command line wins over the environment.

        Files in the data directory:
          endpoints.json  where the aggregator listens, while it does: http, grpc, caFile, pid
          ca.crt, ca.key  the authority that signs for this aggregator and its hosts; the key is the most secret file of the fleet
          enrolment.token a token for agents on this machine that may read it; replaced when it was used
          admin.token     an admin's token for hostctl on this machine; keep it secret
          audit.head      the audit's last hash; hostctl audit anchor prints it, to be kept elsewhere
          control.sqlite  tokens, enrolled hosts, revocations, the audit

        Exit codes:
          0   ended as asked (SIGTERM or SIGINT; within 5 seconds); check: the store is sound
          1   check: the store is damaged
          64  the command line is wrong
          66  check: there is no store
          70  a defect of the program; the log has the details
          73  the data directory is in use or cannot be made, or an address is taken
          77  the operating system refuses access to the data directory or an address
          78  an option or variable has a value that is not allowed

        Examples:
          hostaggregator serve
          hostaggregator serve --data /srv/metrics --http 127.0.0.1:0 --log-format json
          hostaggregator check --data /srv/metrics
          hostaggregator serve --grpc 0.0.0.0:7443 --names metrics.example.org
        """;

    /// <summary>Runs the program: parses, then hands the options to <paramref name="serve"/>, or runs one of the <paramref name="others"/>.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] args, Func<string, string?> environment, TextWriter output, TextWriter error, Func<AggregatorOptions, Task<int>> serve,
        Func<SettingsReader, IEnumerable<Command>>? others = null)
    {
        var settings = new SettingsReader(environment);
        Option<string?> data = Text("--data", "DIR", $"Directory that everything is kept in. Default: {settings.DefaultDataDirectory()}");
        Option<string?> http = Text("--http", "ADDRESS:PORT", "HTTP API and /metrics. Port 0 picks a free one. Default: 127.0.0.1:7480");
        Option<string?> grpc = Text("--grpc", "ADDRESS:PORT", "gRPC with TLS, for agents. Port 0 picks a free one. Default: 127.0.0.1:7443");
        var allowRemote = new Option<bool>("--allow-remote")
        {
            Description = "Allow an address of --http that other machines reach. It is HTTPS then, and answers nobody without a token",
        };
        Option<string?> anonymousRead = Text("--anonymous-read", "loopback|never", "Who may read without a token: programs of this machine, or nobody. Default: loopback");
        Option<string?> names = Text("--names", "NAME,...", "More names and addresses that agents reach this machine by, for the gRPC listener's certificate");
        Option<string?> lifetime = Text("--certificate-lifetime", "TIME", "Life of a host's certificate, 3s to 365d; hosts renew at two thirds of it. Default: 7d");
        Option<string?> passphrase = Text("--passphrase-file", "FILE", "File whose first line is the passphrase of the authority's key");
        Option<string?> logFormat = Text("--log-format", "FORMAT", "auto, text, journald or json. Default: auto (journald under systemd, else text)");
        Option<string?> logLevel = Text("--log-level", "LEVEL", "trace, debug, information, warning, error, critical or none. Default: information");
        var command = new Command("serve", "Accept the streams of agents, keep their history, answer queries.")
        {
            data, http, grpc, allowRemote, anonymousRead, names, lifetime, passphrase, logFormat, logLevel,
        };
        command.SetAction(async (parsed, _) => await serve(settings.Read(name => name switch
        {
            "--data" => parsed.GetValue(data),
            "--http" => parsed.GetValue(http),
            "--grpc" => parsed.GetValue(grpc),
            "--allow-remote" => parsed.GetValue(allowRemote) ? "true" : null,
            "--anonymous-read" => parsed.GetValue(anonymousRead),
            "--names" => parsed.GetValue(names),
            "--certificate-lifetime" => parsed.GetValue(lifetime),
            "--passphrase-file" => parsed.GetValue(passphrase),
            "--log-format" => parsed.GetValue(logFormat),
            "--log-level" => parsed.GetValue(logLevel),
            _ => null,
        })));

        var root = new RootCommand("The centre of HostAgent: collects the telemetry of hosts, keeps it and answers questions about it.") { command };
        foreach (Command other in others?.Invoke(settings) ?? [])
        {
            root.Add(other);
        }

        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithFooter((HelpAction)help.Action!);

        ParseResult result = root.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (var problem in result.Errors)
            {
                await error.WriteLineAsync($"hostaggregator: {problem.Message}");
            }

            await error.WriteLineAsync("Try: hostaggregator --help");
            return ExitCodes.Usage;
        }

        try
        {
            // The host handles signals itself; the parser's own handler would end the process before the streams are drained.
            var invocation = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await result.InvokeAsync(invocation);
        }
        catch (StartException e)
        {
            await error.WriteLineAsync($"hostaggregator: {e.Message}");
            return e.ExitCode;
        }
#pragma warning disable CA1031 // the last catch before the operator: a defect has its own exit code instead of a core dump
        catch (Exception e)
#pragma warning restore CA1031
        {
            await error.WriteLineAsync($"hostaggregator: this is a defect of the program: {e}");
            return ExitCodes.Software;
        }
    }

    private static Option<string?> Text(string name, string helpName, string description)
        => new(name) { HelpName = helpName, Description = description };

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"hostaggregator {ProgramVersion.Text}");
            return ExitCodes.Ok;
        }
    }

    private sealed class HelpWithFooter(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            help.MaxWidth = 140;
            help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Footer);
            return ExitCodes.Ok;
        }
    }
}
