using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Agent.Tests.Sampling.Certificates;

/// <summary>A server on loopback that shakes hands with whoever comes; or one that accepts and says nothing, or talks plain text.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];

    private TlsServer(Func<TcpClient, Task> serve)
    {
        _listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _open.Add(client);
                await serve(client);
            }
        });
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The names that clients asked for.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> AskedFor { get; } = [];

    public static TlsServer With(X509Certificate2 certificate)
    {
        TlsServer? server = null;
        return server = new TlsServer(async client =>
        {
            var stream = new SslStream(client.GetStream());
            try
            {
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificateSelectionCallback = (_, name) =>
                    {
                        server!.AskedFor.Add(name ?? "");
                        return certificate;
                    },
                });
            }
            catch (IOException)
            {
                // The client is gone as soon as it has seen the certificate.
            }
        });
    }

    public static TlsServer Silent() => new(_ => Task.CompletedTask);

    public static TlsServer PlainText() => new(async client => await client.GetStream().WriteAsync("SSH-2.0-x\r\n"u8.ToArray()));

    public void Dispose()
    {
        _listener.Stop();
        _open.ForEach(client => client.Dispose());
    }
}
