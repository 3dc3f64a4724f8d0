namespace Grpc.Core.Wire;

/// <summary>Metadata as header values.</summary>
internal static class MetadataWire
{
    /// <summary>Adds a received header, unless it is the protocol's own. A binary header may hold several values joined by commas, each
    /// base64 with or without padding.</summary>
    /// <exception cref="RpcException">Internal: a <c>-bin</c> value that is not base64.</exception>
    public static void Add(Metadata metadata, string name, string value)
    {
        if (GrpcHeaders.IsReserved(name))
        {
            return;
        }

        string key = name.ToLowerInvariant();
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(Metadata.Entry.FromWire(key, value));
            return;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            metadata.Add(Metadata.Entry.FromWire(key, Decode(key, value.AsSpan()[part].Trim())));
        }
    }

    /// <summary>Refuses values that HTTP/2 cannot carry, before anything of them is sent.</summary>
    /// <exception cref="RpcException">Internal: a text value outside printable ASCII.</exception>
    public static void Check(Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
        {
            if (!entry.IsBinary && entry.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new RpcException(new Status(StatusCode.Internal, $"The value of the metadata {entry.Key} is not printable ASCII."));
            }
        }
    }

    private static byte[] Decode(string key, ReadOnlySpan<char> base64)
    {
        base64 = base64.TrimEnd('=');
        int padded = (base64.Length + 3) / 4 * 4;
        char[] text = new char[padded];
        base64.CopyTo(text);
        text.AsSpan(base64.Length).Fill('=');
        try
        {
            return Convert.FromBase64CharArray(text, 0, padded);
        }
        catch (FormatException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The value of the binary metadata {key} is not base64.", e));
        }
    }
}
