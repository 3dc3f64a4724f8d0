using HostAgent.Agent.Configuration;

namespace HostAgent.Agent.Cli;

/// <summary>The command line, taken apart.</summary>
/// <param name="Command">Its name.</param>
/// <param name="Operands">What is no option.</param>
/// <param name="Settings">Options that are settings.</param>
/// <param name="Config">Settings file; null: none.</param>
/// <param name="Endpoints">Endpoints file of an aggregator on this machine; null: none.</param>
/// <param name="Trace">File for the diagnostic trace; null: none.</param>
/// <param name="Json">Whether JSON is asked for.</param>
/// <param name="DryRun">Say what would be done and do nothing.</param>
/// <param name="OverrideBudget">Run although the budget is used up.</param>
internal sealed record CommandLine(
    string Command, IReadOnlyList<string> Operands, IReadOnlyList<Setting> Settings, string? Config, string? Endpoints, string? Trace, bool Json,
    bool DryRun, bool OverrideBudget)
{
    private static readonly string[] Commands = ["run", "enrol", "sample", "commands", "kinds", "execute", "check-config", "example-config", "version", "help"];
    private static readonly string[] Options =
    [
        "--aggregator", "--ca", "--state", "--token-file", "--name", "--interval", "--log-level", "--config", "--endpoints", "--trace", "--json",
        "--dry-run", "--override-budget", "--version", "--help",
    ];

    /// <exception cref="UsageException">It makes no sense.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        string? command = null, config = null, endpoints = null, trace = null;
        bool json = false, dryRun = false, overrideBudget = false;
        var operands = new List<string>();
        var settings = new List<Setting>();
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i].IndexOf('=', StringComparison.Ordinal) : -1;
            var option = equals < 0 ? args[i] : args[i][..equals];
            string Value() => equals >= 0 ? args[i][(equals + 1)..]
                : i + 1 < args.Count && (args[i + 1].Length == 0 || args[i + 1][0] != '-' || args[i + 1] == "-") ? args[++i]
                : throw new UsageException($"{option} needs a value");
            switch (option)
            {
                case "--aggregator" or "--ca" or "--state" or "--token-file" or "--name" or "--interval" or "--log-level":
                    settings.Add(new Setting(option[2..].Replace('-', '_'), Value(), option));
                    break;
                case "--config":
                    config = Value();
                    break;
                case "--endpoints":
                    endpoints = Value();
                    break;
                case "--trace":
                    trace = Value();
                    break;
                case "--json" when equals < 0:
                    json = true;
                    break;
                case "--dry-run" when equals < 0:
                    dryRun = true;
                    break;
                case "--override-budget" when equals < 0:
                    overrideBudget = true;
                    break;
                case "--version" or "-V" when equals < 0:
                    command = "version";
                    break;
                case "--help" or "-h" when equals < 0:
                    command = "help";
                    break;
                default:
                    if (option.StartsWith('-'))
                    {
                        throw new UsageException($"there is no option {option}{Suggestion.For(option, Options)}");
                    }

                    if (command is null)
                    {
                        command = Commands.Contains(option) ? option : throw new UsageException($"there is no command {option}{Suggestion.For(option, Commands)}");
                    }
                    else if (command is not ("help" or "version"))
                    {
                        operands.Add(option);
                    }

                    break;
            }
        }

        return Check(new CommandLine(command ?? "", operands, settings, config, endpoints, trace, json, dryRun, overrideBudget));
    }

    private static CommandLine Check(CommandLine line) => line switch
    {
        { Command: "" } => throw new UsageException("a command is missing: run, enrol, sample, commands, kinds, execute KIND, check-config FILE or example-config"),
        { Command: "check-config", Operands.Count: not 1 } => throw new UsageException("check-config needs the FILE to check"),
        { Command: "execute", Operands.Count: 0 } => throw new UsageException("execute needs the KIND and its arguments as NAME=VALUE; hostagent kinds lists them"),
        { Command: "execute" } when line.Operands.Skip(1).FirstOrDefault(static arg => arg.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong =>
            throw new UsageException($"execute takes arguments as NAME=VALUE, not {wrong}"),
        { Command: not ("check-config" or "execute"), Operands: [var operand, ..] } => throw new UsageException($"{line.Command} does not know what to do with {operand}"),
        { Command: not ("sample" or "commands" or "kinds"), Json: true } => throw new UsageException("--json goes with sample, commands and kinds only"),
        { Command: not "execute", DryRun: true } or { Command: not "execute", OverrideBudget: true } =>
            throw new UsageException("--dry-run and --override-budget go with execute only"),
        _ => line,
    };
}
