using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Cuts the body of a request into messages, in the pipe's own memory. One read of the pipe serves all the messages it holds.</summary>
internal sealed class RequestFrames(HttpServerCallContext context)
{
    private readonly PipeReader _pipe = context.Http.Request.BodyReader;
    private readonly int? _maxBytes = context.Settings.MaxReceiveMessageSize;
    private ReadOnlySequence<byte> _unread;
    private MessageDecompressor? _decompressor;
    private bool _holding;
    private bool _ended;
    private bool _expanded;

    /// <summary>The next message if it is here as a whole; valid until <see cref="Taken"/>.</summary>
    /// <exception cref="RpcException">The message is malformed, too long or compressed in an unknown way.</exception>
    public bool TryTake(out ReadOnlySequence<byte> payload)
    {
        if (!_holding)
        {
            payload = default;
            return false;
        }

        if (!MessageFrame.TryRead(ref _unread, _maxBytes, out bool compressed, out payload))
        {
            return false;
        }

        if (compressed)
        {
            _decompressor ??= CreateDecompressor();
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
            _decompressor!.Reset();
            _expanded = false;
        }
    }

    /// <summary>Reads more of the body. False at its end.</summary>
    /// <exception cref="RpcException">Internal: the body ended inside a message.</exception>
    /// <exception cref="OperationCanceledException">The call or the wait was cancelled.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        if (_holding)
        {
            _holding = false;
            _pipe.AdvanceTo(_unread.Start, _unread.End);
        }

        ReadResult result = await _pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCanceled)
        {
            _pipe.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException(context.CancellationToken);
        }

        _unread = result.Buffer;
        _holding = true;
        if (!result.IsCompleted || MessageFrame.HoldsMessage(_unread, _maxBytes))
        {
            return true;
        }

        long torn = _unread.Length;
        _ended = true;
        _holding = false;
        _pipe.AdvanceTo(_unread.End);
        return torn == 0
            ? false
            : throw new RpcException(new Status(StatusCode.Internal, "The request ended in the middle of a message."));
    }

    /// <summary>Wakes a pending <see cref="FillAsync"/>, which then throws. Runs on timer threads, so it never throws itself.</summary>
    public void Interrupt()
    {
        try
        {
            _pipe.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection broke first: the read has ended, or will end, with that.
        }
    }

    private MessageDecompressor CreateDecompressor()
    {
        string? encoding = context.Http.Request.Headers[GrpcHeaders.Encoding];
        return new MessageDecompressor(context.Settings.FindCompression(encoding), encoding, _maxBytes);
    }
}
