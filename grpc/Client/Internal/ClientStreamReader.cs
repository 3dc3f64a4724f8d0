using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads responses. Messages that came together are parsed one after the other out of the same pooled buffer.</summary>
internal sealed class ClientStreamReader<TResponse>(
    ClientCall call, Task response, Func<DeserializationContext, TResponse> deserializer, bool single)
    : IAsyncStreamReader<TResponse>
    where TResponse : class
{
    private static readonly Task<bool> True = Task.FromResult(true);

    private readonly PayloadReader _payloads = new();
    private ResponseFrames? _frames;
    private TResponse? _current;
    private bool _any;
    private int _reading;

    /// <inheritdoc/>
    public TResponse Current => _current ?? throw new InvalidOperationException("No current element is available.");

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is in progress.");
        }

        if (_frames is not null && !call.IsFinished && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (TryTake())
                {
                    Leave();
                    return True;
                }
            }
            catch (Exception e)
            {
                Leave();
                return Task.FromException<bool>(call.Fail(e));
            }
        }

        return MoveNextSlowAsync(cancellationToken);
    }

    private async Task<bool> MoveNextSlowAsync(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), call)
            : default;
        try
        {
            _current = null;
            if (_frames is null)
            {
                await response.ConfigureAwait(false);
            }

            if (!call.IsFinished)
            {
                _frames ??= await ResponseFrames.OpenAsync(call).ConfigureAwait(false);
                do
                {
                    if (TryTake())
                    {
                        return true;
                    }
                }
                while (await _frames.FillAsync().ConfigureAwait(false));
                _frames.Release();
                call.FinishFromTrailers(missingMessage: single && !_any);
            }

            return call.GetStatus().StatusCode == StatusCode.OK ? false : throw call.CreateException();
        }
        catch (Exception e)
        {
            throw call.Fail(e);
        }
        finally
        {
            registration.Unregister();
            Leave();
        }
    }

    private bool TryTake()
    {
        if (!_frames!.TryTake(out ReadOnlySequence<byte> payload))
        {
            return false;
        }

        _current = _payloads.Read(deserializer, payload);
        _any = true;
        _frames.Taken();
        return true;
    }

    private void Leave() => Volatile.Write(ref _reading, 0);
}
