using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Auth;

/// <summary>Hosts that a token may act on, as conditions on their labels: <c>{env="staging",rack=~"r1|r2"}</c>. The labels <c>host</c> (its name)
/// and <c>instance</c> (its id) are there besides those of the host's own.</summary>
public sealed class LabelScope
{
    private readonly LabelCondition[] _conditions;

    private LabelScope(string text, LabelCondition[] conditions) => (Text, _conditions) = (text, conditions);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads conditions in braces. All of them must hold; one that an absent label meets too cannot stand alone.</summary>
    /// <exception cref="FormatException">It is no scope; the message says where and why.</exception>
    public static LabelScope Parse(string text)
    {
        Selector selector;
        try
        {
            selector = Selector.Parse(text);
        }
        catch (QuerySyntaxException e)
        {
            throw new FormatException(e.Position is { } at ? $"at character {at}: {e.Message}" : e.Message, e);
        }

        return selector.Matchers.Any(matcher => matcher.Name == LabelMatcher.MetricName)
            ? throw new FormatException("a scope is about hosts, not metrics: write conditions in braces, for example {env=\"staging\"}")
            : new LabelScope(text, [.. selector.Matchers.Select(matcher => new LabelCondition(matcher))]);
    }

    /// <summary>All conditions hold for the host.</summary>
    public bool Includes(HostView host) => Array.TrueForAll(_conditions, condition => condition.Matches(condition.Name switch
    {
        "host" => host.Name,
        "instance" => host.Id,
        var name => host.Labels[name],
    }));
}
