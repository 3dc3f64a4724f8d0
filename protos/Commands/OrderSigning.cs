using System.Security.Cryptography;
using Google.Protobuf;
using HostAgent.V1;

namespace HostAgent.Protos.Commands;

/// <summary>Operators' signatures on orders: ECDSA P-256, SHA-256, over <see cref="CanonicalOrder"/>.</summary>
public static class OrderSigning
{
    /// <summary>Signs an order, which must be in canonical order, with an operator's private key.</summary>
    public static OrderSignature Sign(OrderBody order, string operatorName, ECDsa key) => new()
    {
        Operator = operatorName,
        Signature = ByteString.CopyFrom(
            key.SignData(CanonicalOrder.Bytes(order), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
    };

    /// <summary>True when the key made the signature over exactly this order. Never throws for bad input.</summary>
    public static bool Verify(OrderBody order, OrderSignature signature, ECDsa key)
    {
        try
        {
            return signature.Signature.Length == 64 && key.VerifyData(
                CanonicalOrder.Bytes(order), signature.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
