using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Hands a payload to a marshaller in place. One per call, used for one message after the other.</summary>
internal sealed class PayloadReader : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    /// <inheritdoc/>
    public override int PayloadLength => (int)_payload.Length;

    /// <inheritdoc/>
    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    /// <inheritdoc/>
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <summary>Parses one message.</summary>
    /// <exception cref="RpcException">Internal: the marshaller does not accept the bytes.</exception>
    public T Read<T>(Func<DeserializationContext, T> deserializer, in ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        try
        {
            return deserializer(this)
                ?? throw new InvalidOperationException("The deserializer returned null.");
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Failed to deserialize a message: {e.Message}", e));
        }
        finally
        {
            _payload = default;
        }
    }
}
