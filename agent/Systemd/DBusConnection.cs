using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Systemd;

/// <summary>A connection to a D-Bus socket: to a bus, or straight to one program (systemd's private socket). Calls are bounded in time; what comes
/// unasked is kept for <see cref="Signals"/> when its name was asked for.</summary>
internal sealed class DBusConnection : IAsyncDisposable
{
    /// <summary>Longest time to connect and to wait for one answer.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    private const int MaxAuthBytes = 1024;
    private const int MaxSignals = 4096;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly string _signal;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<DBusMessage>> _waiting = new();
    private readonly Channel<DBusMessage> _signals = Channel.CreateBounded<DBusMessage>(
        new BoundedChannelOptions(MaxSignals) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _end = new();
    private Exception? _broken;
    private Task _reading = Task.CompletedTask;
    private int _serial;

    private DBusConnection(Socket socket, TimeProvider time, string signal)
    {
        _socket = socket;
        _time = time;
        _signal = signal;
    }

    /// <summary>Signals with the name that was asked for, oldest first.</summary>
    public ChannelReader<DBusMessage> Signals => _signals.Reader;

    /// <summary>Connects and authenticates as this process's user.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="signal">Member name of the signals to keep; all others are dropped.</param>
    /// <param name="time">For the timeout.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody listens, or this user may not connect.</exception>
    /// <exception cref="TimeoutException">The other side does not answer.</exception>
    /// <exception cref="IOException">The other side refuses this user or does not speak D-Bus.</exception>
    public static async Task<DBusConnection> ConnectAsync(string path, string signal, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var connection = new DBusConnection(socket, time, signal);
        try
        {
            using var limit = new CancellationTokenSource(CallTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), both.Token);
                await connection.AuthenticateAsync(both.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"{path} did not answer within {CallTimeout.TotalSeconds:0} s");
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        connection._reading = connection.ReadAllAsync();
        return connection;
    }

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="DBusException">The answer is an error.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="IOException">The connection broke, or the other side does not speak D-Bus.</exception>
    public async Task<object[]> CallAsync(
        string? destination, string path, string @interface, string member, string signature, DBusWriter? body, CancellationToken cancellation)
    {
        uint serial = (uint)Interlocked.Increment(ref _serial);
        var answer = new TaskCompletionSource<DBusMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[serial] = answer;
        using var limit = new CancellationTokenSource(CallTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (_broken is { } broken)
            {
                throw new IOException("the connection is broken: " + broken.Message, broken);
            }

            await SendAsync(DBusMessage.Call(serial, destination, path, @interface, member, signature, body), both.Token);
            DBusMessage message = await answer.Task.WaitAsync(both.Token);
            if (message.Type != DBusMessage.Error)
            {
                return message.Arguments();
            }

            string text = message.Signature.StartsWith('s') ? (string)message.Arguments()[0] : message.ErrorName;
            throw new DBusException(message.ErrorName, string.Concat(text.Take(512).Select(static c => char.IsControl(c) ? ' ' : c)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{member} was not answered within {CallTimeout.TotalSeconds:0} s");
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            _waiting.TryRemove(serial, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _sending.Dispose();
    }

    // D-Bus specification, "Authentication Protocol", mechanism EXTERNAL: the kernel vouches for the user. BEGIN goes with AUTH, and nothing after
    // BEGIN until OK is here: systemd leaves a call that arrives in one piece with BEGIN unread.
    private async Task AuthenticateAsync(CancellationToken cancellation)
    {
        string user = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(GeteuidCall.Get().ToString(CultureInfo.InvariantCulture)));
        try
        {
            await SendAsync(Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {user}\r\nBEGIN\r\n"), cancellation);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // It has hung up before it heard us; what it said before that, if anything, is the reason.
        }

        byte[] line = new byte[MaxAuthBytes];
        int count = 0;
        while (count == 0 || line[count - 1] != (byte)'\n')
        {
            // One byte at a time: what follows the line is the first message already.
            if (count == line.Length || await _socket.ReceiveAsync(line.AsMemory(count, 1), cancellation) == 0)
            {
                throw new IOException("the other side ended the authentication");
            }

            count++;
        }

        if (!line.AsSpan(0, count).StartsWith("OK "u8))
        {
            throw new IOException("the other side does not accept this user");
        }
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), cancellation);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAllAsync()
    {
        try
        {
            byte[] start = new byte[DBusMessage.FixedBytes];
            while (true)
            {
                await FillAsync(start);
                byte[] whole = new byte[DBusMessage.TotalBytes(start)];
                start.CopyTo(whole, 0);
                await FillAsync(whole.AsMemory(start.Length));
                Dispatch(DBusMessage.Parse(whole));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            _broken = e;
            _signals.Writer.TryComplete(e);
            foreach (TaskCompletionSource<DBusMessage> waiting in _waiting.Values)
            {
                waiting.TrySetException(new IOException("the connection broke: " + e.Message, e));
            }
        }
    }

    private void Dispatch(DBusMessage message)
    {
        if (message.Type is DBusMessage.MethodReturn or DBusMessage.Error)
        {
            if (_waiting.TryRemove(message.ReplySerial, out TaskCompletionSource<DBusMessage>? waiting))
            {
                waiting.TrySetResult(message);
            }
        }
        else if (message.Type == DBusMessage.Signal && message.Member == _signal)
        {
            _signals.Writer.TryWrite(message);
        }
    }

    private async Task FillAsync(Memory<byte> bytes)
    {
        for (int count = 0; count < bytes.Length;)
        {
            int received = await _socket.ReceiveAsync(bytes[count..], _end.Token);
            count += received > 0 ? received : throw new IOException("the other side closed the connection");
        }
    }
}
