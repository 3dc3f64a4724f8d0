using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>An operator's signature over an order.</summary>
/// <param name="Operator">Name, as the agents' operators directories have it.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over the canonical bytes: r and s, 64 bytes, in base64.</param>
internal sealed record SignatureBody(string? Operator, string? Signature)
{
    /// <summary>As the dispatcher takes it.</summary>
    /// <exception cref="CommandException">It is not base64.</exception>
    public SignatureRecord ToRecord()
    {
        byte[] bytes = new byte[128];
        return Convert.TryFromBase64String(Signature ?? "", bytes, out int length)
            ? new SignatureRecord(Operator ?? "", bytes[..length])
            : throw CommandException.Invalid("signatures", "A signature is 64 bytes in base64.");
    }
}
