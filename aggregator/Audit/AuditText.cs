using System.Text;
using System.Text.RegularExpressions;

namespace HostAgent.Aggregator.Audit;

/// <summary>Makes texts fit to stand in the audit for ever: no secret, no endless text, nothing that is not Unicode.</summary>
internal static partial class AuditText
{
    private const int MaxDetails = 32;

    private const int MaxLength = 1024;

    /// <summary>The text as it may stand.</summary>
    public static string Clean(string text)
    {
        string cut = text.Length <= MaxLength ? text : text[..(MaxLength - 3)] + "...";
        // Lone surrogates (half a character, as a cut or a hostile client leaves) become U+FFFD: they have no UTF-8.
        string unicode = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut));
        return Secret().Replace(unicode, "$1***");
    }

    /// <summary>Details as they may stand.</summary>
    public static SortedDictionary<string, string> Clean(IReadOnlyDictionary<string, string> details)
    {
        var clean = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in details.OrderBy(detail => detail.Key, StringComparer.Ordinal).Take(MaxDetails))
        {
            clean[Clean(name)] = Clean(value);
        }

        return clean;
    }

    // hat_ID_SECRET of operators, hae1.ID.SECRET.FINGERPRINT of hosts: the id may stand, the secret not.
    [GeneratedRegex("(hat_[A-Za-z0-9]*_|hae[0-9]+\\.[A-Za-z0-9]*\\.)[A-Za-z0-9_-]+")]
    private static partial Regex Secret();
}
