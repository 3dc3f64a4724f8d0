using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Appends length-prefixed messages to a buffer, in place when the message announces its length. One per call.</summary>
internal sealed class MessageWriter(MessageCompressor? compressor, int? maxPayloadBytes) : SerializationContext
{
    private IBufferWriter<byte>? _target;
    private PooledBuffer? _scratch;
    private byte[]? _array;
    private int _announced = -1;
    private bool _inPlace;
    private bool _compress;
    private bool _completed;

    /// <summary>Whether the last <see cref="Write"/> failed after it had begun to write to its target.</summary>
    public bool IsTorn => _inPlace && !_completed;

    /// <summary>Writes one message to <paramref name="target"/>, prefix included.</summary>
    /// <exception cref="RpcException">ResourceExhausted: longer than allowed. Nothing has been written then.</exception>
    /// <exception cref="InvalidOperationException">The serializer broke its contract. A pooled target is then as it was before.</exception>
    public void Write<T>(T message, Action<T, SerializationContext> serializer, IBufferWriter<byte> target, bool noCompress)
    {
        _target = target;
        _compress = compressor is not null && !noCompress;
        _announced = -1;
        _inPlace = false;
        _completed = false;
        _array = null;
        var pooled = target as PooledBuffer;
        int start = pooled?.Length ?? 0;
        try
        {
            serializer(message, this);
            if (!_completed)
            {
                throw new InvalidOperationException("The serializer did not call Complete.");
            }

            if (!_inPlace)
            {
                WritePayload(_array is null ? _scratch is null ? default : _scratch.Written.Span : _array);
            }
            else if (pooled is not null && pooled.Length - start != MessageFrame.HeaderBytes + _announced)
            {
                throw new InvalidOperationException($"The serializer announced {_announced} bytes and wrote others.");
            }
        }
        catch when (pooled is not null)
        {
            // What is half written must not stand before the next message.
            pooled.Truncate(start);
            _inPlace = false;
            throw;
        }
        finally
        {
            _target = null;
            _array = null;
            _scratch?.Reset();
        }
    }

    /// <inheritdoc/>
    public override void SetPayloadLength(int payloadLength)
    {
        ThrowIfTooLong(payloadLength);
        _announced = payloadLength;
    }

    /// <inheritdoc/>
    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_compress || _announced < 0)
        {
            return _scratch ??= new PooledBuffer();
        }

        if (!_inPlace)
        {
            _inPlace = true;
            MessageFrame.WriteHeader(_target!.GetSpan(MessageFrame.HeaderBytes), compressed: false, _announced);
            _target.Advance(MessageFrame.HeaderBytes);
        }

        return _target!;
    }

    /// <inheritdoc/>
    public override void Complete() => _completed = true;

    /// <inheritdoc/>
    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        _array = payload;
        _completed = true;
    }

    private void WritePayload(ReadOnlySpan<byte> payload)
    {
        ThrowIfTooLong(payload.Length);
        if (_compress)
        {
            PooledBuffer compressed = compressor!.Compress(payload);
            payload = compressed.Written.Span;
        }

        MessageFrame.WriteHeader(_target!.GetSpan(MessageFrame.HeaderBytes), _compress, payload.Length);
        _target.Advance(MessageFrame.HeaderBytes);
        _target.Write(payload);
        compressor?.Reset();
    }

    private void ThrowIfTooLong(int payloadBytes)
    {
        if (payloadBytes > maxPayloadBytes)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"Sending message of {payloadBytes} bytes exceeds the maximum of {maxPayloadBytes} bytes."));
        }
    }
}
