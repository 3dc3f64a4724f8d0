using System.Globalization;

namespace HostAgent.Agent.Commands;

/// <summary>Collects what a plan saw, or what a run found, as the names and values of <see cref="CommandPlan.Facts"/>.</summary>
internal sealed class Facts : SortedDictionary<string, string>
{
    public Facts()
        : base(StringComparer.Ordinal)
    {
    }

    public void Set(string name, long value) => this[name] = value.ToString(CultureInfo.InvariantCulture);

    public void Set(string name, bool value) => this[name] = value ? "true" : "false";

    /// <summary>A text of at most 512 characters, without control characters, so that it fits into a journal line.</summary>
    public void Set(string name, string value)
        => this[name] = string.Concat(value.Take(512).Select(static c => char.IsControl(c) ? ' ' : c));
}
