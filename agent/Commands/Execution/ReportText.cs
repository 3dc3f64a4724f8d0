using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>Keeps what handlers say within what the journal has room for.</summary>
internal static class ReportText
{
    private const int MaxCharacters = 4096;
    private const int MaxResults = 64;
    private const int MaxResultsCharacters = 16 * 1024;

    /// <summary>The text, cut where it is too long.</summary>
    public static string Bound(string text) => text.Length <= MaxCharacters ? text : string.Concat(text.AsSpan(0, MaxCharacters), " ...");

    /// <summary>The results as they are reported, as many as there is room for.</summary>
    public static IEnumerable<Arg> Results(IReadOnlyDictionary<string, string>? results, Secrets secrets)
    {
        int room = MaxResultsCharacters;
        foreach ((string name, string value) in (results ?? new Dictionary<string, string>()).Take(MaxResults))
        {
            string text = Bound(secrets.Hide(value));
            room -= name.Length + text.Length;
            if (room < 0)
            {
                yield break;
            }

            yield return new Arg { Name = name, Value = text };
        }
    }
}
