using HostAgent.Aggregator.Commands;
using HostAgent.Protos.Commands;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>Reads a runbook's YAML. Every error says where it is, counted in lines from 1.</summary>
internal static class RunbookParser
{
    /// <summary>Longest text accepted.</summary>
    public const int MaxCharacters = 64 * 1024;

    private const int MaxSteps = 100;

    /// <exception cref="CommandException">It is no runbook.</exception>
    public static Runbook Parse(string yaml)
    {
        if (yaml.Length > MaxCharacters)
        {
            throw CommandException.Invalid("yaml", $"A runbook has at most {MaxCharacters} characters.");
        }

        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            var root = new YamlFields(stream.Documents.Count == 1 ? stream.Documents[0].RootNode : throw new FormatException("a runbook is one YAML document"), "runbook");
            var runbook = new Runbook(
                root.Required("name"),
                root.Optional("description") ?? "",
                [.. root.List("parameters").Select(Parameter)],
                [.. root.List("steps").Select(Step)]);
            root.RequireNothingElse();
            return runbook.Steps.Count is 0 or > MaxSteps ? throw new FormatException($"a runbook has 1 to {MaxSteps} steps") : runbook;
        }
        catch (YamlException e)
        {
            throw CommandException.Invalid("yaml", $"Line {e.Start.Line}: {e.Message}");
        }
        catch (FormatException e)
        {
            throw CommandException.Invalid("yaml", char.ToUpperInvariant(e.Message[0]) + e.Message[1..] + ".");
        }
    }

    private static RunbookParameter Parameter(YamlNode node)
    {
        var fields = new YamlFields(node, "parameter");
        var parameter = new RunbookParameter(fields.Required("name"), fields.Optional("help") ?? "", fields.Flag("required"), fields.Optional("default") ?? "");
        fields.RequireNothingElse();
        return parameter;
    }

    private static RunbookStep Step(YamlNode node)
    {
        var fields = new YamlFields(node, "step");
        var step = new RunbookStep
        {
            Name = fields.Required("name"),
            Command = fields.Optional("command"),
            On = fields.Optional("on"),
            Args = fields.Map("args"),
            Timeout = Duration(fields, "timeout") ?? TimeSpan.Zero,
            WaitUntil = fields.Optional("wait-until"),
            Repeat = fields.Flag("repeat"),
            Within = Duration(fields, "within") ?? TimeSpan.FromMinutes(2),
            Approval = fields.Optional("approval"),
            OnFailure = fields.Optional("on-failure") switch
            {
                null or "stop" => StepFailure.Stop,
                "continue" => StepFailure.Continue,
                "rollback" => StepFailure.Rollback,
                var other => throw fields.Wrong("on-failure", $"\"{other}\" is none of stop, continue and rollback"),
            },
            EndOnSuccess = fields.Optional("on-success") switch
            {
                null or "continue" => false,
                "end" => true,
                var other => throw fields.Wrong("on-success", $"\"{other}\" is neither continue nor end"),
            },
            Rollback = fields.Sub("rollback") is { } rollback ? new RunbookStep.RollbackCommand(rollback.Required("command"), rollback.Map("args")) : null,
        };
        fields.RequireNothingElse();
        int what = (step.Command is null ? 0 : 1) + (step.WaitUntil is null ? 0 : 1) + (step.Approval is null ? 0 : 1);
        return what != 1 ? throw fields.Wrong("command", "a step has one of command, wait-until and approval")
            : step.Command is not null && step.On is null ? throw fields.Wrong("on", "say on which hosts")
            : step;
    }

    private static TimeSpan? Duration(YamlFields fields, string name)
        => fields.Optional(name) is not { } text ? null
            : ArgCheck.TryParseDuration(text, out TimeSpan duration) && duration > TimeSpan.Zero ? duration
            : throw fields.Wrong(name, $"\"{text}\" is no duration such as 30s or 5m");
}
