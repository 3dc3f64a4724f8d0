using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HostAgent.Cli.Api;
using HostAgent.Cli.Commands;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli;

/// <summary>hostctl: parses the command line, runs the command, turns what went wrong into a message and an exit code.</summary>
internal sealed class HostctlApp(Terminal terminal, TimeProvider time)
{
    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Root().Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            string command = parsed.CommandResult.Command is RootCommand ? "hostctl" : "hostctl " + parsed.CommandResult.Command.Name;
            foreach (string problem in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await terminal.Error.WriteLineAsync("hostctl: " + problem);
            }

            await terminal.Error.WriteLineAsync($"Try: {command} --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (CliException e)
        {
            await terminal.Error.WriteLineAsync("hostctl: " + e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Ok; // Ctrl-C
        }
        catch (IOException) when (terminal.OutputRedirected)
        {
            return ExitCodes.Ok; // the reader of our pipe has gone, as with "| head"
        }
    }

    private RootCommand Root()
    {
        var connection = new ConnectionOptions(terminal.Environment);
        var root = new RootCommand("Looks at the hosts that a HostAgent aggregator watches, and has them do things.")
        {
            HostsCommand.Create(connection, terminal, time),
            TopCommand.Create(connection, terminal, time),
            SeriesCommand.Create(connection, terminal),
            QueryCommand.Create(connection, terminal),
            AccountCommand.Create(connection, terminal),
            HealthCommand.Create(connection, terminal),
            RunCommand.Create(connection, terminal, time),
            CommandsCommand.Create(connection, terminal, time),
            ApproveCommand.Create(connection, terminal, time),
            CancelCommand.Create(connection, terminal),
            KindsCommand.Create(connection, terminal),
            KeyCommand.Create(terminal),
            LoginCommand.Create(connection, terminal),
            LogoutCommand.Create(connection, terminal),
            WhoamiCommand.Create(connection, terminal),
            TokenCommand.Create(connection, terminal),
            AuditCommand.Create(connection, terminal),
            CompletionCommand.Create(terminal),
        };
        connection.AddTo(root);
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ManualHelp((HelpAction)help.Action!);
        return root;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"hostctl {AggregatorClient.Version}");
            return ExitCodes.Ok;
        }
    }
}
