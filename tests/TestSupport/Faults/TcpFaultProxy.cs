using System.Net;
using System.Net.Sockets;

namespace HostAgent.TestSupport.Faults;

/// <summary>A TCP forwarder on loopback that misbehaves on demand: cuts, goes half-open, stalls, slows down, refuses.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ProxiedConnection> _connections = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private volatile LinkFault _fault = LinkFault.None;
    private volatile int _upstreamPort;
    private long _bytesUp;
    private long _bytesDown;

    /// <param name="upstreamPort">Where connections are forwarded to, on loopback; 0 while there is no such place.</param>
    public TcpFaultProxy(int upstreamPort = 0)
    {
        _upstreamPort = upstreamPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the proxy listens, on loopback.</summary>
    public int Port { get; }

    /// <summary>Where new connections are forwarded to, on loopback; 0: they are closed.</summary>
    public int UpstreamPort
    {
        get => _upstreamPort;
        set => _upstreamPort = value;
    }

    /// <summary>How the link behaves from now on, for open connections too.</summary>
    public LinkFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>Payload bytes received from those who connect, since the start.</summary>
    public long BytesUp => Interlocked.Read(ref _bytesUp);

    /// <summary>Payload bytes received from where connections are forwarded to, since the start.</summary>
    public long BytesDown => Interlocked.Read(ref _bytesDown);

    /// <summary>Connections that still carry bytes.</summary>
    public int OpenConnections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count(c => c.IsAlive);
            }
        }
    }

    /// <summary>Closes every connection with a reset, as a firewall that lost its state would. Returns how many.</summary>
    public int Cut()
    {
        lock (_gate)
        {
            int alive = _connections.Count(c => c.IsAlive);
            _connections.ForEach(c => c.Reset());
            _connections.Clear();
            return alive;
        }
    }

    /// <summary>Open connections carry nothing any more and neither end hears of it, as after a pulled cable; new connections work.
    /// Returns how many.</summary>
    public int MakeHalfOpen()
    {
        lock (_gate)
        {
            List<ProxiedConnection> alive = _connections.FindAll(c => c.IsAlive);
            alive.ForEach(c => c.Abandon());
            return alive.Count;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        _stop.Dispose();
    }

    private void Count(bool up, int bytes) => Interlocked.Add(ref up ? ref _bytesUp : ref _bytesDown, bytes);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket downstream;
            try
            {
                downstream = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new ProxiedConnection(downstream, () => _fault, Count, _stop.Token);
            lock (_gate)
            {
                _connections.RemoveAll(c => !c.IsAlive && !c.IsAbandoned);
                _connections.Add(connection);
            }

            connection.Run(_fault.Refusing ? 0 : _upstreamPort);
        }
    }
}
