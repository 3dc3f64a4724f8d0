using System.Globalization;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>A host and a port to connect to: <c>127.0.0.1:5432</c>, <c>db.example:5432</c>, <c>[::1]:22</c>.</summary>
internal sealed record ConnectTarget(string Host, int Port)
{
    /// <summary>What one must be, to end the sentence "it must be ...".</summary>
    public const string Form = "HOST:PORT, an IPv6 address in brackets";

    /// <summary>Null when <paramref name="text"/> is one, else what it must be.</summary>
    public static string? Check(string text) => Parse(text) is null ? Form : null;

    /// <summary>Reads one; null when the text is none.</summary>
    public static ConnectTarget? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool brackets = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        host = brackets ? host[1..^1] : host;
        bool good = host.Length > 0 && host.Contains(':', StringComparison.Ordinal) == brackets && !host.Any(c => char.IsWhiteSpace(c) || c == '/')
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
        return good ? new ConnectTarget(host, ushort.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture)) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
