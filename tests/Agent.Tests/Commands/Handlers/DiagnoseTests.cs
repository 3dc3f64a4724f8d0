using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Linux;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

[Collection("systemd")]
public sealed class DiagnoseTests(SystemdFixture fixture)
{
    [Fact]
    public async Task Every_section_is_there_and_the_host_s_own_facts_in_it()
    {
        RealSystemd systemd = fixture.Systemd;
        await systemd.RunAsync("systemctl", "start", "broken");
        await File.WriteAllTextAsync($"{systemd.Root}/var/log/mcp.log", "first\npassword=hunter2\nlast line\n");
        var run = new HandlerRun("diagnose", HandlerRun.Setup(systemd.Root), ("units", "broken"), ("paths", "/var/log/mcp.log"));
        CommandPlan plan = await run.PlanAsync();
        Assert.Equal(["host", "unit:broken.service", "path:/var/log/mcp.log"], plan.Subjects);
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.All(
            ["== versions\nhostagent ", "== load and pressure\nloadavg ", "MemAvailable:", "== disks\n", "== listening ports\n", "processes, ", "broken.service: failed",
                "result=exit-code", "cannot bind port 8000", "last line", "no container engine runs on this host"],
            text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", run.Output, StringComparison.Ordinal);
        Assert.Equal("1", outcome.Results!["sections_failed"]); // no engine
    }

    [Fact]
    public async Task A_file_that_is_a_link_is_not_read()
    {
        using var folder = new TempDirectory("diagnose");
        File.CreateSymbolicLink(folder.File("link"), "/etc/shadow");
        var run = new HandlerRun("diagnose", HandlerRun.Setup(), ("paths", folder.File("link")));
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Contains("is a symbolic link", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listening_port_is_found_with_its_owner_in_both_families()
    {
        using var four = new TcpListener(IPAddress.Loopback, 0);
        using var six = new TcpListener(IPAddress.IPv6Loopback, 0);
        four.Start();
        six.Start();
        IReadOnlyList<(IPAddress Address, int Port, int Pid)> found = ProcNetTcp.Read(new LinuxRoots());
        Assert.Contains((IPAddress.Loopback, ((IPEndPoint)four.LocalEndpoint).Port, Environment.ProcessId), found);
        Assert.Contains((IPAddress.IPv6Loopback, ((IPEndPoint)six.LocalEndpoint).Port, Environment.ProcessId), found);
    }

    [Fact]
    public async Task Logs_are_rotated_with_their_unit_which_opens_the_new_file()
    {
        RealSystemd systemd = fixture.Systemd;
        const string writer = "exec 3>>/var/log/w.log; trap 'exec 3>>/var/log/w.log' HUP; while :; do echo tick >&3; sleep 0.05; done";
        await systemd.InstallAsync(("writer.service", $"[Service]\nExecStart=/bin/bash -c '{writer.Replace("'", "\"", StringComparison.Ordinal)}'\nExecReload=/bin/kill -HUP $MAINPID\n"));
        await systemd.RunAsync("systemctl", "start", "writer");
        await Eventually.TrueAsync(() => File.Exists($"{systemd.Root}/var/log/w.log") && new FileInfo($"{systemd.Root}/var/log/w.log").Length > 0, "it writes");
        foreach (string notify in new[] { "reload", "HUP" })
        {
            var run = new HandlerRun("logs.rotate", HandlerRun.Setup(systemd.Root), ("path", "/var/log/w.log"), ("unit", "writer"), ("notify", notify));
            CommandOutcome outcome = await run.RunAsync();
            Assert.True(outcome.Succeeded, outcome.Message);
            Assert.Equal("1", outcome.Results!["compressed"]);
            await Eventually.TrueAsync(() => new FileInfo($"{systemd.Root}/var/log/w.log").Length > 0, "it writes to the new file");
        }

        await systemd.RunAsync("systemctl", "stop", "writer");
        var tail = new HandlerRun("logs.tail", HandlerRun.Setup(systemd.Root), ("unit", "writer"), ("lines", "5"));
        Assert.True((await tail.RunAsync()).Succeeded);
        Assert.Contains("Stopped", tail.Output, StringComparison.Ordinal);
    }
}
