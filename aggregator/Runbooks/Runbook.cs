using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>Ordered steps that bring something back to life.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Parameters">What is said when it is started.</param>
/// <param name="Steps">In order; with <c>${parameter}</c> in their texts.</param>
public sealed record Runbook(string Name, string Description, IReadOnlyList<RunbookParameter> Parameters, IReadOnlyList<RunbookStep> Steps)
{
    /// <summary>Every parameter with its value.</summary>
    /// <exception cref="CommandException">One is missing or unknown.</exception>
    public SortedDictionary<string, string> Complete(IReadOnlyDictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(name => Parameters.All(p => p.Name != name)) is { } unknown)
        {
            throw CommandException.Invalid("args", $"{Name} has no parameter \"{unknown}\"; it has {string.Join(", ", Parameters.Select(static p => p.Name))}.");
        }

        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (RunbookParameter parameter in Parameters)
        {
            values[parameter.Name] = given.GetValueOrDefault(parameter.Name)
                ?? (parameter.Required ? throw CommandException.Invalid("args", $"{Name} needs the parameter {parameter.Name}: {parameter.Help}") : Fill(parameter.Default, values));
            if (values[parameter.Name].Any(char.IsControl))
            {
                throw CommandException.Invalid("args", $"The parameter {parameter.Name} has control characters.");
            }
        }

        return values;
    }

    /// <summary>The step with its parameters filled in.</summary>
    public RunbookStep Step(int index, IReadOnlyDictionary<string, string> values)
    {
        RunbookStep step = Steps[index];
        return step with
        {
            Name = Fill(step.Name, values),
            On = step.On is null ? null : Fill(step.On, values),
            Args = step.Args.ToDictionary(static a => a.Key, a => Fill(a.Value, values)),
            WaitUntil = step.WaitUntil is null ? null : Fill(step.WaitUntil, values),
            Approval = step.Approval is null ? null : Fill(step.Approval, values),
            Rollback = step.Rollback is null ? null : step.Rollback with { Args = step.Rollback.Args.ToDictionary(static a => a.Key, a => Fill(a.Value, values)) },
        };
    }

    private static string Fill(string text, IReadOnlyDictionary<string, string> values)
        => values.Aggregate(text, static (filled, value) => filled.Replace("${" + value.Key + "}", value.Value, StringComparison.Ordinal));
}
