using System.Text;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Makes the errors of this room: <c>LINE:COLUMN: parse error: WHAT</c>, columns counted in UTF-8 bytes, as Prometheus writes them.</summary>
internal static class SyntaxError
{
    /// <param name="query">The whole text.</param>
    /// <param name="at">Index of the character that the message speaks of.</param>
    /// <param name="message">For people, without the position.</param>
    public static QuerySyntaxException At(string query, int at, string message)
    {
        if (query.Length == 0)
        {
            return new QuerySyntaxException($"unknown position: parse error: {message}", problem: message);
        }

        at = Math.Clamp(at, 0, query.Length);
        ReadOnlySpan<char> before = query.AsSpan(0, at);
        int line = before.Count('\n') + 1;
        int column = Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]) + 1;
        return new QuerySyntaxException($"{line}:{column}: parse error: {message}", at + 1, message);
    }
}
