using System.Net;
using System.Net.Sockets;

namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>A relay in front of a plaintext server that notes the compressed flag of every message: neither peer's API shows it.</summary>
internal sealed class WireTap : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<bool> _requests = [];
    private readonly List<bool> _responses = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;

    /// <param name="serverPort">The loopback port to relay to.</param>
    public WireTap(int serverPort)
    {
        _listener.Start();
        _accepting = AcceptAsync(serverPort);
    }

    /// <summary>The loopback port that clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The flag of each message that clients sent, in the order of arrival.</summary>
    public bool[] Requests => Copy(_requests);

    /// <summary>The flag of each message that the server sent, in the order of arrival.</summary>
    public bool[] Responses => Copy(_responses);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Stop();
        _ending.Dispose();
    }

    private async Task AcceptAsync(int serverPort)
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_ending.Token);
                relays.Add(RelayAsync(client, serverPort));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client, int serverPort)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, serverPort);
            await Task.WhenAll(
                PumpAsync(client, server, new MessageFlagReader(startsWithPreface: true, flag => Note(_requests, flag))),
                PumpAsync(server, client, new MessageFlagReader(startsWithPreface: false, flag => Note(_responses, flag))));
        }
    }

    /// <summary>Notes before it passes on: what one side has answered to, the lists already hold.</summary>
    private async Task PumpAsync(Socket from, Socket to, MessageFlagReader reader)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, _ending.Token);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                reader.Feed(buffer.AsSpan(0, count));
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ending.Token);
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            to.Close();
        }
    }

    private void Note(List<bool> flags, bool compressed)
    {
        lock (_gate)
        {
            flags.Add(compressed);
        }
    }

    private bool[] Copy(List<bool> flags)
    {
        lock (_gate)
        {
            return [.. flags];
        }
    }
}
