using System.Text;
using Grpc.Core;
using Grpc.Core.Wire;

namespace HostAgent.Fuzz.Targets;

/// <summary>Values of gRPC headers as a hostile peer could send them: the status message, the timeout and binary metadata.</summary>
internal sealed class GrpcHeaders : FuzzTarget
{
    public override string Name => "grpc-headers";

    public override IEnumerable<byte[]> Seeds() =>
        ["100%25 of%20%E2%98%BA"u8.ToArray(), "99999999H"u8.ToArray(), "250m"u8.ToArray(), "AQIDBA==, AQI"u8.ToArray(), "AQID"u8.ToArray()];

    public override bool Run(byte[] input)
    {
        string value = Encoding.Latin1.GetString(input);
        string decoded = StatusMessage.Decode(value);
        if (StatusMessage.Decode(StatusMessage.Encode(decoded)) != decoded)
        {
            throw new InvalidOperationException("a decoded message does not survive the way back");
        }

        if (TimeoutHeader.TryParse(value, out TimeSpan timeout) && timeout < TimeSpan.Zero)
        {
            throw new InvalidOperationException("a negative timeout");
        }

        try
        {
            var metadata = new Metadata();
            MetadataWire.Add(metadata, "x-bin", value);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Internal)
        {
            // Most seeds are no base64, yet good values of the other headers.
            return TimeoutHeader.TryParse(value, out _) || decoded != value;
        }
    }
}
