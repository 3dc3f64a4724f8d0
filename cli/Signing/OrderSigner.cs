using System.Security.Cryptography;
using HostAgent.Cli.Api;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Cli.Signing;

/// <summary>Signs orders on the operator's machine: the key never leaves it.</summary>
internal sealed class OrderSigner(string keyFile, string operatorName)
{
    /// <summary>Signs an order that the operator has seen.</summary>
    public SignatureAsk Sign(OrderView order)
    {
        using ECDsa key = OperatorKey.Load(keyFile);
        OrderSignature signature = OrderSigning.Sign(order.ToBody(), operatorName, key);
        return new SignatureAsk(signature.Operator, signature.Signature.ToBase64());
    }

    /// <summary>A new command id.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
