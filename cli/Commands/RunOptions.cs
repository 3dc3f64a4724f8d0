using System.CommandLine;
using HostAgent.Cli.Api;

namespace HostAgent.Cli.Commands;

/// <summary>What can be said about a command that is to run.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _kind = new("KIND") { Description = "What to do, for example service.restart; \"hostctl kinds\" lists them" };
    private readonly Argument<string[]> _args = new("NAME=VALUE") { Description = "Arguments of the kind", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _on = new("--on")
    {
        HelpName = "HOSTS",
        Description = "all; names or ids separated by commas; label=value pairs; or a selector in braces",
        Required = true,
    };
    private readonly Option<string?> _id = Text("--id", "ID", "Idempotency key, 32 hex digits: the same id never makes a second command");
    private readonly Option<string?> _expires = Text("--expires", "DURATION", "How long it may wait before it begins. Default: 5m");
    private readonly Option<string?> _timeout = Text("--timeout", "DURATION", "How long it may take on a host. Default: as the kind says");
    private readonly Option<string?> _precondition = Text("--precondition", "CONDITION", "What must hold on the host when it begins");
    private readonly Option<bool> _skipUnfit = new("--skip-unfit") { Description = "Leave out hosts that cannot or may not do it" };
    private readonly Option<int?> _concurrent = new("--max-concurrent") { HelpName = "N", Description = "Hosts at work at a time. Default: all" };
    private readonly Option<int?> _canary = new("--canary") { HelpName = "N", Description = "Begin with this many hosts" };
    private readonly Option<string?> _batch = Text("--batch", "N|N%", "Then this many at a time");
    private readonly Option<string?> _errors = Text("--max-errors", "N|N%", "Stop when more end badly. Default: 0 with --canary or --batch, else no limit");
    private readonly Option<string?> _pause = Text("--pause", "DURATION", "Wait between batches");
    private readonly Option<string?> _probe = Text("--probe", "CONDITION", "What must hold between batches: hosts-up, or for example 'probe_success == 1'");
    private readonly Option<string?> _probeWithin = Text("--probe-within", "DURATION", "How long the probe may take to hold. Default: 1m");

    /// <summary>Say what would be done, do nothing.</summary>
    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Ask the agents what they would do; nothing is done" };

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(_kind);
        command.Add(_args);
        Option[] options = [_on, DryRun, _id, _expires, _timeout, _precondition, _skipUnfit, _concurrent, _canary, _batch, _errors, _pause, _probe, _probeWithin];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="CliException">An argument has no =, or stands twice.</exception>
    public CommandAsk Read(ParseResult parsed)
    {
        var args = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in parsed.GetValue(_args) ?? [])
        {
            string[] parts = pair.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0 || !args.TryAdd(parts[0], parts[1]))
            {
                throw new CliException(ExitCodes.Usage, parts.Length == 2 ? $"argument {parts[0]} stands twice" : $"\"{pair}\" is no argument; write name=value");
            }
        }

        var rollout = new RolloutAsk(
            parsed.GetValue(_concurrent), parsed.GetValue(_canary), parsed.GetValue(_batch), parsed.GetValue(_errors), parsed.GetValue(_pause),
            parsed.GetValue(_probe), parsed.GetValue(_probeWithin));
        return new CommandAsk
        {
            Id = parsed.GetValue(_id),
            Kind = parsed.GetRequiredValue(_kind),
            Args = args,
            On = parsed.GetRequiredValue(_on),
            ExpiresIn = parsed.GetValue(_expires),
            Timeout = parsed.GetValue(_timeout),
            Precondition = parsed.GetValue(_precondition),
            SkipUnfit = parsed.GetValue(_skipUnfit) ? true : null,
            Rollout = rollout == new RolloutAsk(null, null, null, null, null, null, null) ? null : rollout,
        };
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}
