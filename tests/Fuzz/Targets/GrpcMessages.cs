using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Compression;

namespace HostAgent.Fuzz.Targets;

/// <summary>The body of a gRPC call as a hostile peer could send it, in two pieces: messages plain and gzip, with a size limit.</summary>
internal sealed class GrpcMessages : FuzzTarget
{
    private const int MaxBytes = 32 * 1024;

    public override string Name => "grpc-messages";

    public override IEnumerable<byte[]> Seeds()
    {
        byte[] text = [.. Enumerable.Range(0, 200).Select(static i => (byte)(i % 7))];
        using var gzip = new MemoryStream();
        using (var compression = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
        {
            compression.Write(text);
        }

        yield return Frame(text, compressed: false);
        yield return Frame(gzip.ToArray(), compressed: true);
        yield return [.. Frame([], compressed: false), .. Frame(gzip.ToArray(), compressed: true), .. Frame(text, compressed: false)];
    }

    public override bool Run(byte[] input)
    {
        ReadOnlySequence<byte> body = Divide(input);
        var decompressor = new MessageDecompressor(new GzipCompressionProvider(CompressionLevel.Fastest), "gzip", MaxBytes);
        try
        {
            while (true)
            {
                long before = body.Length;
                if (!MessageFrame.TryRead(ref body, MaxBytes, out bool compressed, out ReadOnlySequence<byte> payload))
                {
                    return body.Length == before ? true : throw new InvalidOperationException("bytes were taken without a message");
                }

                if (before - body.Length != MessageFrame.HeaderBytes + payload.Length)
                {
                    throw new InvalidOperationException("not the bytes of the message were taken");
                }

                if (compressed)
                {
                    payload = decompressor.Expand(payload);
                }

                if (payload.Length > MaxBytes)
                {
                    throw new InvalidOperationException($"{payload.Length} bytes passed a limit of {MaxBytes}");
                }
            }
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Internal or StatusCode.ResourceExhausted)
        {
            return false;
        }
        finally
        {
            decompressor.Reset();
        }
    }

    private static byte[] Frame(byte[] payload, bool compressed)
    {
        byte[] frame = new byte[MessageFrame.HeaderBytes + payload.Length];
        MessageFrame.WriteHeader(frame, compressed, payload.Length);
        payload.CopyTo(frame, MessageFrame.HeaderBytes);
        return frame;
    }

    private static ReadOnlySequence<byte> Divide(byte[] input)
    {
        int cut = input.Length == 0 ? 0 : input[^1] % input.Length;
        var first = new Piece(input.AsMemory(0, cut), null);
        var second = new Piece(input.AsMemory(cut), first);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
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
