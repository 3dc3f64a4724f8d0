namespace HostAgent.Protos.Frames;

/// <summary>The numbers of FORMAT.md.</summary>
internal static class FrameFormat
{
    public const int Version = 1;
    public const byte VersionMask = 0x0F;
    public const byte FullFlag = 0x10;

    /// <summary>Bytes of the longest varint that holds 64 bits.</summary>
    public const int MaxVarintBytes = 10;

    /// <summary>Bytes of the longest varint that holds a series or group id.</summary>
    public const int MaxIdBytes = 5;
}
