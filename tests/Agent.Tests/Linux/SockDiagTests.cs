using System.Buffers.Binary;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

/// <summary>The answer of sock_diag as bytes; the tcpstates sampler asks the real one.</summary>
public sealed class SockDiagTests
{
    private const ushort Socket = 18;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const uint Listen = 1 << 10;

    [Fact]
    public void Sockets_in_wanted_states_are_counted_until_done()
    {
        long[] counts = new long[SockDiag.States];
        byte[] datagram = [.. Message(Socket, [2, 10]), .. Message(Socket, [10, 10]), .. Message(Socket, [2, 1]), .. Message(Done, [0, 0, 0, 0])];
        Assert.Equal(0, SockDiag.Take(datagram, Listen, counts, out bool done));
        Assert.True(done);
        Assert.Equal(2, counts[10]);
        Assert.Equal(2, counts.Sum());
    }

    [Fact]
    public void An_error_is_handed_on()
    {
        byte[] body = new byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(body, -Errno.ENOENT);
        Assert.Equal(-Errno.ENOENT, SockDiag.Take(Message(Error, body), Listen, new long[SockDiag.States], out _));
    }

    [Fact]
    public void No_bytes_make_it_crash_or_run_for_ever()
    {
        var random = new Random(7);
        long[] counts = new long[SockDiag.States];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] datagram = [.. Message(Socket, [2, 10]), .. Message(Socket, [2, 255]), .. Message(Done, [])];
            for (int i = 0; i < 4; i++)
            {
                datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            }

            int result = SockDiag.Take(datagram.AsSpan(0, random.Next(datagram.Length + 1)), uint.MaxValue, counts, out _);
            Assert.InRange(result, int.MinValue, 0);
        }
    }

    private static byte[] Message(ushort type, byte[] body)
    {
        byte[] message = new byte[(16 + body.Length + 3) & ~3];
        BinaryPrimitives.WriteInt32LittleEndian(message, 16 + body.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        body.CopyTo(message, 16);
        return message;
    }
}
