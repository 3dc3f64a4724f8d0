namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>Flush after the message, compress as the call does.</summary>
    None = 0,

    /// <summary>More messages follow soon: the runtime need not flush yet.</summary>
    BufferHint = 1,

    /// <summary>Do not compress this message even if the call is compressed.</summary>
    NoCompress = 2,
}
