using System.Security.Cryptography;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>What can be said of an order without knowing anything else: whether it has a canonical form and bounded parts.</summary>
internal static class OrderForm
{
    private const int MaxBytes = 256 << 10;
    private const int MaxArgs = 64;

    /// <summary>What is wrong with it; null with its <paramref name="digest"/> (SHA-256 of the canonical bytes) when nothing is.</summary>
    public static string? Fault(CommandOrder order, out byte[] digest)
    {
        digest = [];
        if (order.Body is not { } body)
        {
            return "an order without a body";
        }

        if (body.CommandId.Length != 32 || !body.CommandId.All(char.IsAsciiHexDigitLower))
        {
            return "its id is not 32 lower-case hex digits";
        }

        if (order.CalculateSize() > MaxBytes || body.Args.Count > MaxArgs)
        {
            return $"it is larger than {MaxBytes} bytes or has more than {MaxArgs} arguments";
        }

        if (body.Kind.Length is 0 or > 64 || !body.Kind.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'))
        {
            return "its kind is no kind's name";
        }

        if (order.Signatures.Any(static one => one.Signature.Length != 64))
        {
            return "a signature does not have 64 bytes";
        }

        try
        {
            digest = SHA256.HashData(CanonicalOrder.Bytes(body));
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
