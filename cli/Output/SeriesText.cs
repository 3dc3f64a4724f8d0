using System.Text;

namespace HostAgent.Cli.Output;

/// <summary>Series as people write them: <c>metric{host="web1",mode="idle"}</c>.</summary>
internal static class SeriesText
{
    /// <summary>Metric and labels, labels by name. The label instance is left out where <paramref name="hideInstance"/> says that the host's name
    /// is enough.</summary>
    public static string Of(string metric, IReadOnlyDictionary<string, string> labels, bool hideInstance)
    {
        var text = new StringBuilder(metric);
        char before = '{';
        foreach ((string name, string value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            if (name == "instance" && hideInstance)
            {
                continue;
            }

            text.Append(before).Append(name).Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
            before = ',';
        }

        return before == ',' ? text.Append('}').ToString() : text.ToString();
    }

    /// <summary>No two hosts among these share a name, so the 32 digits of the instance would only be in the way.</summary>
    public static bool HostNamesAreEnough(IEnumerable<IReadOnlyDictionary<string, string>> labels)
        => labels.Where(set => set.ContainsKey("host") && set.ContainsKey("instance")).Select(set => (set["host"], set["instance"])).Distinct()
            .GroupBy(pair => pair.Item1).All(group => group.Count() == 1);
}
