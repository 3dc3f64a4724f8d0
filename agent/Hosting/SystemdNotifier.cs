using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HostAgent.Agent.Hosting;

/// <summary>Tells systemd that the service is ready, alive and stopping (sd_notify(3)); does nothing where systemd does not ask for it.</summary>
internal sealed class SystemdNotifier : IDisposable
{
    private static readonly byte[] Alive = "WATCHDOG=1\n"u8.ToArray();

    private readonly Socket? _socket;

    public SystemdNotifier(Func<string, string?> environment)
    {
        if (environment("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
        {
            return;
        }

        try
        {
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            // A leading @ stands for the abstract namespace, whose names begin with a zero byte.
            _socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            _socket?.Dispose();
            _socket = null;
            return;
        }

        if (long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 1
            && (environment("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
        {
            WatchdogInterval = TimeSpan.FromMicroseconds(microseconds / 2);
        }
    }

    /// <summary>How often systemd wants to hear that the service is alive, with half of its patience to spare; null: never.</summary>
    public TimeSpan? WatchdogInterval { get; }

    public void Ready(string status) => Send(Encoding.UTF8.GetBytes($"READY=1\nSTATUS={status}\n"));

    public void Stopping() => Send("STOPPING=1\n"u8);

    public void StillAlive() => Send(Alive);

    public void Dispose() => _socket?.Dispose();

    private void Send(ReadOnlySpan<byte> message)
    {
        try
        {
            _socket?.Send(message);
        }
        catch (SocketException)
        {
            // systemd is busy or gone; the next message tries again.
        }
    }
}
