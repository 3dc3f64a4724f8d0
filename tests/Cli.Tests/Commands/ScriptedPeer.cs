using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>An HTTP listener that gives every request the same answer.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _loop;

    public ScriptedPeer(int status, string mediaType, string body)
    {
        _listener.Start();
        byte[] content = Encoding.UTF8.GetBytes(body);
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: {mediaType}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n");
        _loop = AnswerAsync([.. head, .. content]);
    }

    /// <summary>The heads of all requests so far.</summary>
    public string Requests { get; private set; } = "";

    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
    }

    private async Task AnswerAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                byte[] buffer = new byte[4096];
                string request = "";
                while (!request.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    int read = await stream.ReadAsync(buffer);
                    request = read == 0 ? "\r\n\r\n" : request + Encoding.ASCII.GetString(buffer, 0, read);
                }

                Requests += request;
                await stream.WriteAsync(answer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Stopped, or the asker has hung up.
        }
    }
}
