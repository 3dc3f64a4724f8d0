using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a message writes its bytes: either as one array, or into the call's own buffer.</summary>
public abstract class SerializationContext
{
    /// <summary>Ends the message with these bytes. The array belongs to the runtime from now on.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The call's own buffer, for writing in place; end with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the exact length in bytes, so that the message's prefix can be written first.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends a message written through <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
