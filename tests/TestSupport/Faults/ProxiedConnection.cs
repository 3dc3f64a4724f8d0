using System.Net;
using System.Net.Sockets;

namespace HostAgent.TestSupport.Faults;

/// <summary>One connection through a <see cref="TcpFaultProxy"/>: two sockets and a pump for each direction.</summary>
internal sealed class ProxiedConnection(Socket downstream, Func<LinkFault> fault, Action<bool, int> count, CancellationToken proxyStop) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private readonly Socket _upstream = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _abandoned;
    private volatile bool _closed;

    public bool IsAbandoned => _abandoned && !_closed;

    public bool IsAlive => !_closed && !_abandoned;

    /// <summary>Starts forwarding to <paramref name="upstreamPort"/>; 0 closes at once.</summary>
    public void Run(int upstreamPort) => _ = RunAsync(upstreamPort);

    /// <summary>Neither end is read any more and neither end is closed.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>Closes both ends; each sees a reset (RST) and not an orderly end.</summary>
    public void Reset()
    {
        _closed = true;
        Close(downstream);
        Close(_upstream);
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    private static void Close(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other end was faster.
        }

        socket.Dispose();
    }

    private async Task RunAsync(int upstreamPort)
    {
        downstream.NoDelay = true;
        try
        {
            if (upstreamPort == 0)
            {
                return;
            }

            await _upstream.ConnectAsync(new IPEndPoint(IPAddress.Loopback, upstreamPort), proxyStop);
            Task[] pumps = [PumpAsync(downstream, _upstream), PumpAsync(_upstream, downstream)];
            await await Task.WhenAny(pumps); // one direction broken: the connection is broken
            await Task.WhenAll(pumps);       // one direction at its end: the other may still carry bytes
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A connection that breaks is what this class is for.
        }
        finally
        {
            Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            LinkFault now = fault();
            int most = now.BytesPerSecond is int rate ? Math.Clamp(rate / 20, 1, buffer.Length) : buffer.Length;
            int read = await from.ReceiveAsync(buffer.AsMemory(0, most), proxyStop);
            count(from == downstream, read);
            await HoldAsync(read);
            if (read == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (int sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), proxyStop);
            }
        }
    }

    /// <summary>Keeps the bytes just read for as long as the link is frozen, abandoned, slow or late.</summary>
    private async Task HoldAsync(int bytes)
    {
        LinkFault now = fault();
        TimeSpan hold = now.Delay;
        if (now.BytesPerSecond is int rate)
        {
            hold += TimeSpan.FromSeconds((double)bytes / rate);
        }

        if (hold > TimeSpan.Zero)
        {
            await Task.Delay(hold, proxyStop);
        }

        while (!_closed && (_abandoned || fault().Frozen))
        {
            await Task.Delay(Poll, proxyStop);
        }
    }
}
