using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace HostAgent.Grpc.Tests.Wire;

/// <summary>Messages into a buffer, from serializers good and bad.</summary>
public sealed class MessageWriterTests
{
    private readonly PooledBuffer _buffer = new();
    private readonly MessageWriter _writer = new(compressor: null, maxPayloadBytes: 100);

    [Fact]
    public void A_message_is_the_same_bytes_whichever_way_its_serializer_goes()
    {
        byte[] expected = [0, 0, 0, 0, 3, 1, 2, 3];
        Write(InPlace(announced: 3, [1, 2, 3]));
        Assert.Equal(expected, Taken());
        Write(static (_, context) => context.Complete([1, 2, 3]));
        Assert.Equal(expected, Taken());
        Write(static (_, context) =>
        {
            context.GetBufferWriter().Write<byte>([1, 2, 3]);
            context.Complete();
        });
        Assert.Equal(expected, Taken());
        Write(InPlace(announced: 0, []));
        Assert.Equal([0, 0, 0, 0, 0], Taken());
    }

    [Fact]
    public void A_serializer_that_breaks_its_contract_leaves_no_trace()
    {
        Write(InPlace(announced: 1, [7]));
        Assert.Throws<InvalidOperationException>(() => Write(InPlace(announced: 5, [1, 2])));
        Assert.Throws<InvalidOperationException>(() => Write(static (_, _) => { }));
        Assert.Throws<FormatException>(() => Write(static (_, context) =>
        {
            context.SetPayloadLength(9);
            context.GetBufferWriter().Write<byte>([1, 2]);
            throw new FormatException();
        }));
        Assert.Equal(
            StatusCode.ResourceExhausted, Assert.Throws<RpcException>(() => Write(InPlace(announced: 101, new byte[101]))).StatusCode);
        Write(InPlace(announced: 1, [8]));
        Assert.Equal([0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 8], Taken());
    }

    private static Action<object, SerializationContext> InPlace(int announced, byte[] bytes) => (_, context) =>
    {
        context.SetPayloadLength(announced);
        context.GetBufferWriter().Write(bytes);
        context.Complete();
    };

    private void Write(Action<object, SerializationContext> serializer) => _writer.Write(this, serializer, _buffer, noCompress: false);

    private byte[] Taken()
    {
        byte[] taken = _buffer.Written.ToArray();
        _buffer.Reset();
        return taken;
    }
}
