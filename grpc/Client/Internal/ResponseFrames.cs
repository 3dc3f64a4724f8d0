using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Cuts the body of a response into messages.</summary>
internal sealed class ResponseFrames
{
    /// <summary>Least free space that a read is given.</summary>
    private const int ReadBytes = 1024;

    private readonly Stream _stream;
    private readonly int? _maxBytes;
    private readonly MessageDecompressor _decompressor;
    private readonly PooledBuffer _buffer = new();
    private readonly CancellationToken _aborted;
    private int _start;
    private bool _expanded;

    private ResponseFrames(Stream stream, ClientCall call, string? encoding)
    {
        _stream = stream;
        _aborted = call.Aborted;
        _maxBytes = call.Channel.MaxReceiveMessageSize;
        _decompressor = new MessageDecompressor(call.Channel.Compression.Find(encoding), encoding, _maxBytes);
    }

    public static async ValueTask<ResponseFrames> OpenAsync(ClientCall call)
    {
        HttpResponseMessage response = call.Response!;
        Stream stream = await response.Content.ReadAsStreamAsync(call.Aborted).ConfigureAwait(false);
        return new ResponseFrames(stream, call, ResponseHead.EncodingOf(response));
    }

    /// <summary>The next message if it is here as a whole; valid until <see cref="Taken"/>.</summary>
    /// <exception cref="RpcException">The message is malformed, too long or compressed in an unknown way.</exception>
    public bool TryTake(out ReadOnlySequence<byte> payload)
    {
        var unread = new ReadOnlySequence<byte>(_buffer.Written[_start..]);
        long before = unread.Length;
        if (!MessageFrame.TryRead(ref unread, _maxBytes, out bool compressed, out payload))
        {
            return false;
        }

        _start += (int)(before - unread.Length);
        if (compressed)
        {
            payload = _decompressor.Expand(payload);
            _expanded = true;
        }

        return true;
    }

    /// <summary>The message has been parsed.</summary>
    public void Taken()
    {
        if (_expanded)
        {
            _decompressor.Reset();
            _expanded = false;
        }

        if (_start == _buffer.Length)
        {
            _start = 0;
            _buffer.Reset();
        }
    }

    /// <summary>Reads more of the body. False at its end.</summary>
    /// <exception cref="RpcException">Internal: the body ended inside a message.</exception>
    public async ValueTask<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.Discard(_start);
            _start = 0;
        }

        int read = await _stream.ReadAsync(_buffer.GetMemory(ReadBytes), _aborted).ConfigureAwait(false);
        _buffer.Advance(read);
        return read > 0
            || (_buffer.Length == 0
                ? false
                : throw new RpcException(new Status(StatusCode.Internal, "The response ended in the middle of a message.")));
    }

    public void Release() => _buffer.Release();
}
