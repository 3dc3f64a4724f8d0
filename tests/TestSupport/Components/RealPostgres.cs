using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HostAgent.TestSupport.Processes;

namespace HostAgent.TestSupport.Components;

/// <summary>A PostgreSQL cluster of its own on a free port of the loopback interface, with a superuser admin, scram passwords and a database app. Server and
/// files end with the test program.</summary>
public sealed class RealPostgres : IAsyncDisposable
{
    /// <summary>The superuser's password; it needs encoding in a URL.</summary>
    public const string Password = "s3cret@/x";

    private const string Programs = "/usr/lib/postgresql/15/bin";

    private readonly TempDirectory _work = new("postgres");
    private ChildProcess? _server;

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Unavailable => File.Exists(Programs + "/postgres") ? null : "needs PostgreSQL 15 (Debian package postgresql-15)";

    /// <summary>Its port.</summary>
    public int Port { get; private set; }

    /// <summary>The URL of database app for admin, as an application would write it.</summary>
    public string Url => $"postgresql+asyncpg://admin:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}/app";

    /// <summary>Makes the cluster and starts it.</summary>
    public static async Task<RealPostgres> StartAsync()
    {
        var postgres = new RealPostgres();
        try
        {
            await postgres.MakeAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs SQL as admin in database app; returns its output, fields separated by |.</summary>
    public async Task<string> SqlAsync(string sql)
    {
        (int code, string output) = await RunAsync(Psql("app", "-c", sql));
        return code == 0 ? output.Trim() : throw new InvalidOperationException(output);
    }

    /// <summary>A session of its own that stays open: runs SQL and then waits for input.</summary>
    public Process OpenSession(string sql)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["PGPASSWORD=" + Password, .. Psql("app")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process session = Process.Start(start)!;
        session.StandardInput.WriteLine(sql);
        session.StandardInput.Flush();
        return session;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Send(UnixSignal.Interrupt); // fast shutdown
            await _server.WaitAsync(TimeSpan.FromSeconds(20));
            await _server.DisposeAsync();
        }

        _work.Dispose();
    }

    private async Task MakeAsync()
    {
        // The server refuses to run as root: then it runs as nobody, in a directory of nobody's.
        Port = FreePort();
        string data = _work.File("data"), password = _work.File("password");
        await File.WriteAllTextAsync(password, Password + "\n");
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(["/bin/chown", "-R", "nobody", _work.FullPath]);
        }

        await MustAsync([.. AsUser(), Programs + "/initdb", "-D", data, "-U", "admin", "--auth=scram-sha-256", "--pwfile=" + password, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        _server = ChildProcess.Start("postgres",
            [.. AsUser(), Programs + "/postgres", "-D", data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=" + _work.FullPath, "-c", "fsync=off", "-c", "max_connections=30"], _work.File("server.log"));
        await Eventually.TrueAsync(async () => (await RunAsync(Psql("postgres", "-c", "select 1"))).ExitCode == 0, "PostgreSQL answers");
        await MustAsync(Psql("postgres", "-c", "create database app"));
    }

    private string[] AsUser() => Environment.IsPrivilegedProcess
        ? ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "-i", "HOME=" + _work.FullPath, "PATH=/usr/bin:/bin", "TZ=UTC"] : ["/usr/bin/env"];

    private string[] Psql(string database, params string[] more) =>
        [Programs + "/psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "admin", "-d", database, .. more];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task MustAsync(string[] argv)
    {
        (int code, string output) = await RunAsync(argv);
        if (code != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', argv)}: {output}");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] argv)
    {
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/env", ["PGPASSWORD=" + Password, .. argv]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await error);
    }
}
