using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>Keeps arguments marked secret out of the journal, the log and the reports.</summary>
internal sealed class Secrets
{
    /// <summary>Stands for a value that was not kept.</summary>
    public const string NotKept = "(not kept)";

    // Shorter ones would tear holes into every text that happens to hold the same letters.
    private const int ShortestHidden = 4;

    private readonly string[] _values;

    private Secrets(IEnumerable<string> values) => _values = [.. values.Where(static value => value.Length >= ShortestHidden).OrderByDescending(static value => value.Length)];

    /// <summary>The secrets of an order. What no definition knows is taken for one.</summary>
    public static Secrets Of(OrderBody body, HandlerDefinition? definition) =>
        new(body.Args.Where(arg => definition?.Args.FirstOrDefault(one => one.Name == arg.Name) is { Secret: true }).Select(static arg => arg.Value));

    /// <summary>The order as it may be kept.</summary>
    public static CommandOrder Without(CommandOrder order, HandlerDefinition? definition)
    {
        CommandOrder copy = order.Clone();
        foreach (Arg arg in copy.Body.Args)
        {
            if (definition?.Args.FirstOrDefault(one => one.Name == arg.Name) is not { Secret: false })
            {
                arg.Value = NotKept;
            }
        }

        return copy;
    }

    /// <summary>True when an order from the journal has lost a value.</summary>
    public static bool HasLost(CommandOrder kept) => kept.Body.Args.Any(static arg => arg.Value == NotKept);

    /// <summary>The text with every secret in it replaced.</summary>
    public string Hide(string text)
    {
        foreach (string value in _values)
        {
            text = text.Replace(value, "(secret)", StringComparison.Ordinal);
        }

        return text;
    }
}
