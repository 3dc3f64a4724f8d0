using System.Net.Sockets;
using System.Threading.Channels;
using HostAgent.Agent.Commands.Execution;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Protos.Commands;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Local;

/// <summary>Takes orders from <c>hostagent execute</c> on this host, over a socket that only root and the agent's own user can open.</summary>
internal sealed partial class LocalDoor : IDisposable
{
    private const int MaxVisitors = 8;
    private const int Backlog = 128;
    private static readonly TimeSpan OrderPatience = TimeSpan.FromSeconds(10);

    private readonly Executor _executor;
    private readonly string _hostId;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MaxVisitors);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    /// <summary>Opens it. When that does not go it is logged, and orders come over the wire only.</summary>
    public LocalDoor(string directory, Executor executor, string hostId, TimeProvider time, ILogger log)
    {
        _executor = executor;
        _hostId = hostId;
        _time = time;
        _log = log;
        _path = Path.Combine(directory, LocalWire.SocketName);
        try
        {
            // The lock on the journal says that whoever left it behind is dead.
            File.Delete(_path);
            _socket.Bind(new UnixDomainSocketEndPoint(_path));
            File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _socket.Listen(Backlog);
            _ = ServeAsync();
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogClosed(log, _path, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next agent deletes it.
        }

        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        CancellationToken stop = _stop.Token;
        try
        {
            while (true)
            {
                await _places.WaitAsync(stop).ConfigureAwait(false);
                Socket visitor = await _socket.AcceptAsync(stop).ConfigureAwait(false);
                _ = ReceiveAsync(visitor, stop);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            if (!stop.IsCancellationRequested)
            {
                LogClosed(_log, _path, e.Message);
            }
        }
    }

    private async Task ReceiveAsync(Socket visitor, CancellationToken stop)
    {
        try
        {
            using (visitor)
            using (var patience = new CancellationTokenSource(OrderPatience, _time))
            using (var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop))
            {
                if (await LocalWire.ReceiveAsync(visitor, CommandOrder.Parser, both.Token).ConfigureAwait(false) is { Body: not null } order)
                {
                    await CarryOutAsync(visitor, order, stop).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is SocketException or InvalidDataException or OperationCanceledException)
        {
            // Whoever ordered has gone; what was ordered is seen through all the same.
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task CarryOutAsync(Socket visitor, CommandOrder order, CancellationToken stop)
    {
        var reports = Channel.CreateUnbounded<CommandReport>();
        order.Body.Targets.Clear();
        order.Body.Targets.Add(_hostId);
        _executor.Submit(order, CommandOrigin.Local, report => reports.Writer.TryWrite(report));
        await foreach (CommandReport report in reports.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            await LocalWire.SendAsync(visitor, report, stop).ConfigureAwait(false);
            if (report.State.IsFinal())
            {
                return;
            }
        }
    }

    [LoggerMessage(93, LogLevel.Warning, "hostagent execute cannot reach this agent over {Path}: {Reason}")]
    private static partial void LogClosed(ILogger log, string path, string reason);
}
