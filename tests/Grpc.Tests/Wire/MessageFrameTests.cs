using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Wire;

/// <summary>The length-prefixed message, from bytes in any division.</summary>
public sealed class MessageFrameTests
{
    [Fact]
    public void Messages_are_found_wherever_the_bytes_are_divided()
    {
        byte[] bytes = [.. RawCall.Frame([1, 2, 3]), .. RawCall.Frame([]), .. RawCall.Frame(new byte[300], flag: 1)];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            ReadOnlySequence<byte> buffer = Split(bytes, cut);
            Assert.True(MessageFrame.TryRead(ref buffer, null, out bool compressed, out ReadOnlySequence<byte> payload));
            Assert.False(compressed);
            Assert.Equal([1, 2, 3], payload.ToArray());
            Assert.True(MessageFrame.TryRead(ref buffer, null, out _, out payload));
            Assert.Equal(0, payload.Length);
            Assert.True(MessageFrame.TryRead(ref buffer, null, out compressed, out payload));
            Assert.True(compressed);
            Assert.Equal(300, payload.Length);
            Assert.Equal(0, buffer.Length);
            Assert.False(MessageFrame.TryRead(ref buffer, null, out _, out _));
        }
    }

    [Fact]
    public void A_message_that_is_not_here_as_a_whole_takes_nothing()
    {
        byte[] bytes = RawCall.Frame([1, 2, 3]);
        for (int length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(MessageFrame.TryRead(ref buffer, null, out _, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 11 }, 10, StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, null, StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 2, 0, 0, 0, 1 }, null, StatusCode.Internal)]
    public void What_cannot_be_a_message_is_refused_by_its_prefix(byte[] prefix, int? max, StatusCode expected)
    {
        var buffer = new ReadOnlySequence<byte>(prefix);
        Assert.Equal(expected, Assert.Throws<RpcException>(() => MessageFrame.TryRead(ref buffer, max, out _, out _)).StatusCode);
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int cut)
    {
        var first = new Segment(bytes.AsMemory(0, cut), null);
        var second = new Segment(bytes.AsMemory(cut), first);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
