using System.Text;

namespace HostAgent.Grpc.Tests.Interop.Harness;

public sealed class MessageFlagReaderTests
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Tells_the_flags_however_the_bytes_are_cut(int pieceBytes)
    {
        byte[] wire =
        [
            .. Preface,
            .. Frame(4, 0, 0, new byte[6]),
            .. Frame(Headers, 0, 1, [1, 2, 3]),
            .. Frame(Data, 0, 1, [1, 0, 0, 0, 3, 9]),              // a compressed message of 3 bytes begins on stream 1,
            .. Frame(Data, 0, 3, [0, 0, 0, 0, 0, 1, 0]),           // a plain empty one on stream 3, and the start of another header,
            .. Frame(Data, 8, 1, [2, 9, 9, 0, 0, 77, 77]),         // padded: the first ends, and a header begins
            .. Frame(Data, 0, 3, [0, 0, 0]),                       // a compressed empty message on stream 3,
            .. Frame(Data, 1, 1, [0, 0, 0]),                       // and a plain empty one on stream 1.
        ];
        var flags = new List<bool>();
        var reader = new MessageFlagReader(startsWithPreface: true, flags.Add);
        foreach (byte[] piece in wire.Chunk(pieceBytes))
        {
            reader.Feed(piece);
        }

        Assert.Equal([true, false, true, false], flags);
    }

    private static byte[] Frame(byte type, byte flags, byte stream, byte[] payload)
        => [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, stream, .. payload];
}
