using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Real sockets on this kernel.</summary>
public sealed class PortsSamplerTests : IDisposable
{
    private SamplerHarness? _harness;

    public void Dispose() => _harness?.Dispose();

    [Fact]
    public void An_open_port_has_its_owner_its_scope_and_its_family()
    {
        using var loopback = Listen(IPAddress.Loopback);
        using var both = Listen(IPAddress.IPv6Any);
        Begin();
        string name = File.ReadAllText("/proc/self/comm").Trim();
        Assert.Equal(1, Port("port_listening", loopback, ("scope", "loopback"), ("family", "ipv4"), ("process", name)));
        Assert.Equal(1, Port("port_listening", both, ("scope", "all"), ("family", "both"), ("process", name)));
        Assert.Equal(5, Port("port_accept_queue_limit", loopback));
        Assert.True(double.IsNaN(Port("port_unexpected", loopback)), "nothing is expected, so nothing is unexpected");

        loopback.Stop();
        Next();
        Assert.True(double.IsNaN(Port("port_listening", loopback)));
        Assert.Equal(1, Port("port_listening", both));
    }

    [Fact]
    public void Expected_ports_are_open_or_missing_and_others_unexpected()
    {
        using var open = Listen(IPAddress.Loopback);
        using var wide = Listen(IPAddress.Any);
        using var allowed = Listen(IPAddress.IPv6Loopback);
        using var other = Listen(IPAddress.Loopback);
        int closed = FreePort();
        Begin(("expected", $"{PortOf(open)}/tcp@loopback, {PortOf(wide)}/tcp@loopback, {closed}"), ("allowed", $"{PortOf(allowed)}/tcp6"));
        Assert.Equal(0, Missing(PortOf(open)));
        Assert.Equal(0, Missing(PortOf(wide)));
        Assert.Equal(1, Missing(closed));
        Assert.True(double.IsNaN(Port("port_unexpected", open)));
        Assert.True(double.IsNaN(Port("port_unexpected", allowed)));
        Assert.Equal(1, Port("port_unexpected", wide, ("scope", "all")));
        Assert.Equal(1, Port("port_unexpected", other));

        open.Stop();
        other.Stop();
        Next();
        Assert.Equal(1, Missing(PortOf(open)));
        Assert.True(double.IsNaN(Port("port_unexpected", other)));
    }

    [Fact]
    public void A_udp_port_that_is_named_is_seen_and_a_clients_is_not()
    {
        using var named = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)named.Client.LocalEndPoint!).Port;
        Begin(("expected", $"{port}/udp"));
        Assert.Equal(0, Missing(port));
        Assert.Equal(1, _harness!.Value("port_listening", ("port", Text(port)), ("protocol", "udp")));
        Assert.True(double.IsNaN(_harness.Value("port_listening", ("port", Text(((IPEndPoint)client.Client.LocalEndPoint!).Port)), ("protocol", "udp"))));
    }

    [Fact]
    public void The_port_of_another_program_is_that_programs_and_ends_with_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs a program that opens a port");
        using Process child = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", $"import socket,sys\ns=socket.socket()\ns.bind(('127.0.0.1',0))\ns.listen(1)\nprint(s.getsockname()[1],flush=True)\nsys.stdin.read()"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        int port = int.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        Begin();
        Assert.Equal(1, _harness!.Value("port_listening", ("port", Text(port)), ("process", "python3")));
        child.StandardInput.Close();
        child.WaitForExit();
        Next();
        Assert.True(double.IsNaN(_harness.Value("port_listening", ("port", Text(port)))));
    }

    [Fact]
    public async Task Connection_checks_tell_success_refusal_and_silence()
    {
        using var open = Listen(IPAddress.Loopback);

        // The second connection to a socket with a queue of none is not answered.
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen(0);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(silent.LocalEndPoint!);
        Begin(
            ("connect.open", $"127.0.0.1:{PortOf(open)}"), ("connect.closed", $"127.0.0.1:{FreePort()}"),
            ("connect.silent", $"127.0.0.1:{((IPEndPoint)silent.LocalEndPoint!).Port}"), ("connect.name", "no-such-host.invalid:80"), ("connect_timeout_ms", "2000"));
        await Eventually.TrueAsync(
            () =>
            {
                _harness!.Sample();
                return new[] { "open", "closed", "silent", "name" }.All(check => !double.IsNaN(_harness.Value("port_connect_success", ("check", check))));
            },
            "all checks have an outcome");
        Assert.Equal(1, _harness!.Value("port_connect_success", ("check", "open")));
        Assert.InRange(_harness.Value("port_connect_seconds", ("check", "open")), 0, 2);
        Assert.Equal(0, _harness.Value("port_connect_success", ("check", "closed")));
        Assert.Equal(1, _harness.Value("port_connect_failures_total", ("check", "closed"), ("reason", "refused")));
        Assert.Equal(1, _harness.Value("port_connect_failures_total", ("check", "silent"), ("reason", "timeout")));
        Assert.True(double.IsNaN(_harness.Value("port_connect_seconds", ("check", "silent"))));
        Assert.Equal(0, _harness.Value("port_connect_success", ("check", "name")));

        // It comes back by itself.
        open.Stop();
        _harness.Time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(
            () =>
            {
                _harness.Sample();
                return _harness.Value("port_connect_success", ("check", "open")) == 0;
            },
            "the closed port is noticed");
        Assert.True(double.IsNaN(_harness.Value("port_connect_seconds", ("check", "open"))));
    }

    [Fact]
    public void More_ports_than_wanted_are_counted_and_not_shown()
    {
        TcpListener[] many = [.. Enumerable.Range(0, 12).Select(_ => Listen(IPAddress.Loopback))];
        Begin(("max_ports", "5"));
        Assert.True(_harness!.Value("port_omitted") >= 7);
        Assert.Equal(5, Enumerable.Range(0, _harness.Table.Count).Count(id => _harness.Table[id].Metric.Name == "port_listening" && !_harness.Table[id].Ended));
        Array.ForEach(many, one => one.Stop());
    }

    [Fact]
    public void Without_any_process_in_sight_ports_are_told_without_owners()
    {
        using var open = Listen(IPAddress.Loopback);
        string empty = Directory.CreateTempSubdirectory("no-proc-").FullName;
        _harness = new SamplerHarness("ports", new LinuxRoots { Proc = empty });
        Assert.SkipUnless(_harness.Sample().Kind == SampleOutcomeKind.Taken, "this kernel has no inet_diag");
        Assert.Equal(1, Port("port_listening", open, ("process", "")));
        Assert.True(_harness.Value("port_owner_unknown_sockets") >= 1);
        Directory.Delete(empty);
    }

    private static TcpListener Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        if (address.Equals(IPAddress.IPv6Any))
        {
            listener.Server.DualMode = true;
        }

        listener.Start(5);
        PortsOfListeners[listener] = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<TcpListener, int> PortsOfListeners = new();

    private static int PortOf(TcpListener listener) => PortsOfListeners[listener];

    private static int FreePort()
    {
        using var listener = Listen(IPAddress.Loopback);
        return PortOf(listener);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private void Begin(params (string Name, string Value)[] values)
    {
        _harness = new SamplerHarness("ports", new LinuxRoots(), values: values.ToDictionary(one => one.Name, one => one.Value));
        Assert.SkipUnless(_harness.Sample().Kind == SampleOutcomeKind.Taken, "this kernel has no inet_diag");
    }

    private void Next()
    {
        _harness!.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(SampleOutcomeKind.Taken, _harness.Sample().Kind);
    }

    private double Port(string metric, TcpListener listener, params (string Name, string Value)[] labels) =>
        _harness!.Value(metric, [("port", Text(PortOf(listener))), ("protocol", "tcp"), .. labels]);

    private double Missing(int port) => _harness!.Value("port_expected_missing", ("port", Text(port)));
}
