using System.Net;
using System.Net.Sockets;
using System.Text;
using HostAgent.TestSupport.Faults;

namespace HostAgent.EndToEnd.Tests.Support;

/// <summary>A proxy that does not misbehave as it says would make every test above it meaningless.</summary>
public sealed class TcpFaultProxyTests : IAsyncDisposable
{
    private readonly TcpListener _upstream = new(IPAddress.Loopback, 0);
    private readonly TcpFaultProxy _proxy;

    public TcpFaultProxyTests()
    {
        _upstream.Start();
        _proxy = new TcpFaultProxy(((IPEndPoint)_upstream.LocalEndpoint).Port);
    }

    [Fact]
    public async Task A_healthy_link_carries_bytes_both_ways()
    {
        (TcpClient client, TcpClient served) = await ConnectAsync();
        Assert.Equal("ping", await PassAsync(client, served, "ping"));
        Assert.Equal("pong", await PassAsync(served, client, "pong"));
    }

    [Fact]
    public async Task A_cut_resets_both_ends()
    {
        (TcpClient client, TcpClient served) = await ConnectAsync();
        Assert.Equal(1, _proxy.Cut());
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(client, 1));
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(served, 1));
    }

    [Fact]
    public async Task A_half_open_connection_is_silent_for_good_and_a_new_one_works()
    {
        (TcpClient client, TcpClient served) = await ConnectAsync();
        Assert.Equal(1, _proxy.MakeHalfOpen());
        await client.GetStream().WriteAsync("lost"u8.ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(served, 1, TimeSpan.FromMilliseconds(300)));

        (client, served) = await ConnectAsync();
        Assert.Equal("new", await PassAsync(client, served, "new"));
    }

    [Fact]
    public async Task A_frozen_link_delivers_when_it_thaws()
    {
        (TcpClient client, TcpClient served) = await ConnectAsync();
        _proxy.Fault = new LinkFault(Frozen: true);
        await client.GetStream().WriteAsync("late"u8.ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(served, 1, TimeSpan.FromMilliseconds(300)));

        _proxy.Fault = LinkFault.None;
        Assert.Equal("late", await ReadAsync(served, 4));
    }

    [Fact]
    public async Task A_slow_link_takes_its_time()
    {
        (TcpClient client, TcpClient served) = await ConnectAsync();
        _proxy.Fault = new LinkFault(BytesPerSecond: 2000);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await PassAsync(client, served, new string('x', 1000));
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.4), $"1000 bytes at 2000 per second took {watch.Elapsed.TotalSeconds:0.00} s");
    }

    [Fact]
    public async Task A_refusing_link_closes_new_connections()
    {
        _proxy.Fault = new LinkFault(Refusing: true);
        using var client = new TcpClient();
        Exception? refusal = await Record.ExceptionAsync(async () =>
        {
            await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
            await ReadAsync(client, 1);
        });
        Assert.True(refusal is SocketException or IOException, $"{refusal}");
    }

    public async ValueTask DisposeAsync()
    {
        _upstream.Dispose();
        await _proxy.DisposeAsync();
    }

    private static async Task<string> PassAsync(TcpClient from, TcpClient to, string text)
    {
        await from.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        return await ReadAsync(to, text.Length);
    }

    private static async Task<string> ReadAsync(TcpClient from, int bytes, TimeSpan? limit = null)
    {
        using var timeout = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(10));
        byte[] buffer = new byte[bytes];
        await from.GetStream().ReadExactlyAsync(buffer, timeout.Token);
        return Encoding.ASCII.GetString(buffer);
    }

    private async Task<(TcpClient Client, TcpClient Served)> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        return (client, await _upstream.AcceptTcpClientAsync());
    }
}
