using System.Buffers.Text;
using System.Security.Cryptography;

namespace HostAgent.Aggregator.Auth;

/// <summary>A token as its bearer shows it: <c>hat_ID_SECRET</c>, ID of 12 hex digits, SECRET of 256 random bits in base64url (43 characters).
/// The prefix lets secret scanners find a leaked one.</summary>
/// <param name="Id">Finds the stored token.</param>
/// <param name="Secret">Proves that one has it.</param>
internal readonly record struct TokenText(string Id, string Secret)
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "hat_";

    private const int IdLength = 12;
    private const int SecretLength = 43;

    /// <summary>A new one, from the system's random source.</summary>
    public static TokenText Make() => new(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Reads what somebody shows; false when it does not have the form.</summary>
    public static bool TryParse(string text, out TokenText token)
    {
        token = default;
        if (text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        token = new TokenText(text.Substring(Prefix.Length, IdLength), text[^SecretLength..]);
        return token.Id.All(char.IsAsciiHexDigitLower) && token.Secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }

    /// <summary>What is stored in place of the secret.</summary>
    public string SecretHash() => HashOf(Secret);

    /// <summary>SHA-256 of a secret's characters, in hex.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(secret)));

    /// <summary>The whole token: a secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_{Secret}";
}
