using System.Buffers.Text;

namespace HostAgent.Protos.Enrolment;

/// <summary>An enrolment token as it is handed over; FORMAT.md has the form. <see cref="object.ToString"/> shows no secret.</summary>
/// <param name="Id">Names it; no secret.</param>
/// <param name="Secret">32 bytes in base64url.</param>
/// <param name="Fingerprint">Of the authority that the aggregator's certificate must come from, see <see cref="AuthorityFingerprint"/>.</param>
public sealed record TokenText(string Id, string Secret, string Fingerprint)
{
    private const string Version = "hae1";
    private const int IdLength = 16;
    private const int Encoded32Bytes = 43;

    /// <summary>The text with its secret: shown once, to whoever asked for the token.</summary>
    public string Reveal() => $"{Version}.{Id}.{Secret}.{Fingerprint}";

    /// <summary>Reads the text; white space around it does not count.</summary>
    /// <exception cref="FormatException">It is no token; the message names no part of it, since that part might be the secret.</exception>
    public static TokenText Parse(string text)
    {
        string[] parts = text.Trim().Split('.');
        if (parts.Length == 4 && parts[0] != Version && parts[0].StartsWith("hae", StringComparison.Ordinal))
        {
            throw new FormatException($"it is an enrolment token of another version than {Version}: use programs of the same release");
        }

        return parts is [Version, var id, var secret, var fingerprint] && id.Length == IdLength && id.All(char.IsAsciiHexDigitLower)
            && Is32Bytes(secret) && Is32Bytes(fingerprint)
            ? new TokenText(id, secret, fingerprint)
            : throw new FormatException($"it is no enrolment token: a token is one line, {Version}.ID.SECRET.FINGERPRINT");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Version}.{Id}.(secret).{Fingerprint}";

    private static bool Is32Bytes(string text)
        => text.Length == Encoded32Bytes && Base64Url.IsValid(text, out int length) && length == 32;
}
