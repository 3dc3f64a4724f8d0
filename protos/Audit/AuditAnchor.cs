using System.Globalization;

namespace HostAgent.Protos.Audit;

/// <summary>A point of the chain that somebody keeps elsewhere: while the audit verifies against it, nothing up to there was edited, and
/// nothing before it is gone. Written <c>SEQUENCE:HASH</c>.</summary>
/// <param name="Sequence">The record; 0 when the audit was empty.</param>
/// <param name="Hash">Its hash, 64 lower-case hex digits; all zeros when the audit was empty.</param>
public sealed record AuditAnchor(ulong Sequence, string Hash)
{
    /// <summary>Of an empty audit.</summary>
    public static AuditAnchor Empty { get; } = new(0, AuditChain.NoHash);

    /// <summary>Reads what <see cref="ToString"/> writes; null when it is something else.</summary>
    public static AuditAnchor? TryParse(string text)
    {
        string[] parts = text.Trim().Split(':');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
            && parts[1].Length == AuditChain.NoHash.Length && parts[1].All(char.IsAsciiHexDigitLower)
            && (sequence > 0 || parts[1] == AuditChain.NoHash)
                ? new AuditAnchor(sequence, parts[1])
                : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Hash}");
}
