using System.Net;
using System.Net.Sockets;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>A TCP relay that can fall silent as a pulled cable does: connections stay open and nothing passes any more.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private int _generation;

    public CutProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Connections { get; private set; }

    /// <summary>All connections made until now go silent; later ones pass.</summary>
    public void Cut() => Interlocked.Increment(ref _generation);

    public ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Stop();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_stop.Token);
                var far = new TcpClient();
                await far.ConnectAsync(_target.Host, _target.Port, _stop.Token);
                Connections++;
                var generation = Volatile.Read(ref _generation);
                _ = PassAsync(near, far, generation);
                _ = PassAsync(far, near, generation);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, int generation)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is var read and > 0)
            {
                if (generation == Volatile.Read(ref _generation))
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                }
            }

            if (generation == Volatile.Read(ref _generation))
            {
                to.Close();
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            to.Close();
        }
    }
}
