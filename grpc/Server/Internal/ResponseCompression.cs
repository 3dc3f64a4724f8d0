using Grpc.Core.Wire;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>How a call's responses are compressed: as its method asked, else as the options say; never in a way the client does not accept.</summary>
internal static class ResponseCompression
{
    public static MessageWriter CreateWriter(HttpServerCallContext context, string? chosen)
    {
        CallSettings settings = context.Settings;
        string? encoding = chosen ?? settings.ResponseCompressionAlgorithm;
        ICompressionProvider? provider = encoding is null ? null : settings.FindCompression(encoding);
        if (provider is null || !Accepts(context.Http.Request.Headers[GrpcHeaders.AcceptEncoding], provider.EncodingName))
        {
            return new MessageWriter(null, settings.MaxSendMessageSize);
        }

        if (!context.Http.Response.HasStarted)
        {
            context.Http.Response.Headers[GrpcHeaders.Encoding] = provider.EncodingName;
        }

        return new MessageWriter(new MessageCompressor(provider, settings.ResponseCompressionLevel), settings.MaxSendMessageSize);
    }

    private static bool Accepts(string? header, string encoding)
    {
        foreach (Range part in header.AsSpan().Split(','))
        {
            if (header.AsSpan()[part].Trim().SequenceEqual(encoding))
            {
                return true;
            }
        }

        return false;
    }
}
