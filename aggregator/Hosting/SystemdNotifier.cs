using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HostAgent.Aggregator.Hosting;

/// <summary>Tells systemd that the service is ready, stopping and alive: sd_notify(3), <c>Type=notify</c>, <c>WatchdogSec=</c>. Does
/// nothing when NOTIFY_SOCKET is not set.</summary>
internal sealed partial class SystemdNotifier(Func<string, string?> environment, TimeProvider time, ILogger<SystemdNotifier> log) : BackgroundService
{
    private readonly string? _socketPath = environment("NOTIFY_SOCKET") is { Length: > 1 } path ? path : null;

    /// <summary>How often systemd must hear from us, half of WATCHDOG_USEC; null when it does not watch this process.</summary>
    private TimeSpan? WatchdogInterval
        => _socketPath is not null
            && long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long us) && us > 1
            && (environment("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(us / 2)
            : null;

    /// <summary>Both listeners accept connections; <paramref name="status"/> appears in <c>systemctl status</c>.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}\n");

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        Send("STOPPING=1\nSTATUS=Draining streams and committing\n");
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (WatchdogInterval is not { } interval)
        {
            return;
        }

        // Through the thread pool on purpose: a starved pool answers no request either, and should be restarted.
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            Send("WATCHDOG=1\n");
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Send(string message)
    {
        if (_socketPath is null)
        {
            return;
        }

        try
        {
            // A leading @ is systemd's spelling of the abstract namespace, whose names begin with a zero byte.
            string address = _socketPath[0] == '@' ? "\0" + _socketPath[1..] : _socketPath;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException e)
        {
            LogNotSent(message.TrimEnd(), e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd could not be told {Message}")]
    private partial void LogNotSent(string message, Exception exception);
}
