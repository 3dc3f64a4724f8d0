using System.Text.Json;
using HostAgent.Aggregator.Tests.Api;
using HostAgent.TestSupport;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>login, logout, whoami, token and audit against a running aggregator, and where the token comes from.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class AccessCommandTests(RunningAggregator aggregator) : IDisposable
{
    private readonly TempDirectory _directory = new("access");

    private string AdminFile => aggregator.Data.File("admin.token");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_token_is_made_shown_once_listed_without_its_secret_and_revoked()
    {
        HostctlRun made = await AsAdminAsync("token", "create", "--owner", "carla", "--role", "operator", "--scope", "{env=\"staging\"}", "--scope", "{rack=\"r1\"}", "--purpose", "tests", "--expires-in", "2d");
        Assert.True(made.ExitCode == 0, made.Error);
        string token = made.Output.Trim();
        Assert.Matches("^hat_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$", token);
        Assert.Contains("of carla (operator), valid until 2026-01-03 00:00 UTC", made.Error);

        HostctlRun me = await HostctlRun.AsksAsync(aggregator.Url, "whoami", "--token-file", File("t", token));
        Assert.StartsWith("carla (operator of {env=\"staging\"} or {rack=\"r1\"}, until 2026-01-03 00:00 UTC)", me.Output);

        HostctlRun list = await AsAdminAsync("token", "list");
        Assert.Contains("carla", list.Output);
        Assert.DoesNotContain(token.Split('_', 3)[2], list.Output + (await AsAdminAsync("token", "list", "--json")).Output);

        HostctlRun revoked = await AsAdminAsync("token", "revoke", token.Split('_')[1]);
        Assert.Equal($"Token {token.Split('_')[1]} of carla is revoked.\n", revoked.Output);
        HostctlRun after = await HostctlRun.AsksAsync(aggregator.Url, "whoami", "--token-file", File("t", token));
        Assert.Equal(77, after.ExitCode);
        Assert.Contains("unknown, expired or revoked", after.Error);
        Assert.Contains($"The token came from --token-file {_directory.File("t")}.", after.Error);
    }

    [Fact]
    public async Task A_token_is_written_into_a_file_that_only_its_owner_reads_and_that_was_not_there()
    {
        string file = _directory.File("new.token");
        Assert.Equal(0, (await AsAdminAsync("token", "create", "--owner", "dora", "--role", "viewer", "--out", file)).ExitCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
        Assert.Equal(0, (await HostctlRun.AsksAsync(aggregator.Url, "whoami", "--token-file", file)).ExitCode);
        int before = await CountAsync();
        Assert.Equal(64, (await AsAdminAsync("token", "create", "--owner", "dora", "--role", "viewer", "--out", file)).ExitCode);
        Assert.Equal(before, await CountAsync()); // refused before a token was made that nobody would know

        async Task<int> CountAsync() => JsonDocument.Parse((await AsAdminAsync("token", "list", "--json")).Output).RootElement.GetProperty("tokens").GetArrayLength();
    }

    [Fact]
    public async Task Without_a_token_a_change_is_refused_with_what_is_needed()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "token", "create", "--owner", "eve", "--role", "admin");
        Assert.Equal(77, run.ExitCode);
        Assert.Contains("This needs a token with the role admin", run.Error);
        Assert.EndsWith("No token was shown.\n", run.Error);
    }

    [Theory]
    [InlineData("--owner", "x y", "--role", "viewer", "is no name for an owner")]
    [InlineData("--owner", "anonymous", "--role", "viewer", "is no name for an owner")]
    [InlineData("--owner", "x", "--role", "viewer", "A viewer's token has no scopes", "--scope", "{a=\"b\"}")]
    [InlineData("--owner", "x", "--role", "admin", "An admin's token has no scopes", "--scope", "{a=\"b\"}")]
    [InlineData("--owner", "x", "--role", "operator", "is no scope: ", "--scope", "{}")]
    [InlineData("--owner", "x", "--role", "operator", "about hosts, not metrics", "--scope", "up{a=\"b\"}")]
    [InlineData("--owner", "x", "--role", "operator", "is no duration from 1s to ", "--expires-in", "10y")]
    [InlineData("--owner", "x", "--role", "king", "king")]
    public async Task What_a_token_cannot_be_is_said(string o, string owner, string r, string role, string said, params string[] more)
    {
        HostctlRun run = await AsAdminAsync(["token", "create", o, owner, r, role, .. more]);
        Assert.Equal(64, run.ExitCode);
        Assert.Contains(said, run.Error);
    }

    [Fact]
    public async Task A_login_is_tried_kept_privately_used_and_forgotten()
    {
        var environment = new Dictionary<string, string> { ["HOSTCTL_AGGREGATOR"] = aggregator.Url.ToString(), ["XDG_CONFIG_HOME"] = _directory.File("config") };
        string admin = System.IO.File.ReadAllText(AdminFile).Trim();

        HostctlRun wrong = await HostctlRun.TypingAsync("hat_000000000001_" + new string('x', 43), environment, "login");
        Assert.Equal(77, wrong.ExitCode);
        Assert.False(Directory.Exists(_directory.File("config"))); // what does not work is not kept

        HostctlRun login = await HostctlRun.TypingAsync(admin, environment, "login");
        Assert.True(login.ExitCode == 0, login.Error);
        string file = Assert.Single(Directory.GetFiles(_directory.File("config"), "*", SearchOption.AllDirectories));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
        Assert.DoesNotContain(admin, login.Output + login.Error);
        Assert.Equal(0, (await HostctlRun.RunAsync(environment, "token", "list")).ExitCode);

        // Of this aggregator alone: another does not get to see it.
        await using var other = new ScriptedPeer(200, "application/json", """{"hosts":[]}""");
        Assert.Equal(0, (await HostctlRun.RunAsync(environment, "hosts", "-a", other.Url.ToString())).ExitCode);
        Assert.DoesNotContain("hat_", other.Requests);

        Assert.Equal(0, (await HostctlRun.RunAsync(environment, "logout")).ExitCode);
        Assert.Equal(77, (await HostctlRun.RunAsync(environment, "token", "list")).ExitCode);
        Assert.Equal(1, (await HostctlRun.RunAsync(environment, "logout")).ExitCode);
    }

    [Fact]
    public async Task The_endpoints_file_is_all_that_the_local_admin_needs()
    {
        string endpoints = aggregator.Data.File("endpoints.json");
        HostctlRun run = await HostctlRun.RunAsync(new Dictionary<string, string>(), "whoami", "--endpoints", endpoints);
        Assert.StartsWith("local-admin (admin", run.Output);
        Assert.Equal(64, (await HostctlRun.RunAsync(new Dictionary<string, string>(), "whoami", "--endpoints", endpoints, "-a", "http://127.0.0.1:1")).ExitCode);
        Assert.Equal(69, (await HostctlRun.RunAsync(new Dictionary<string, string>(), "whoami", "--endpoints", _directory.File("none"))).ExitCode);
    }

    [Fact]
    public async Task The_sources_of_a_token_win_over_each_other_in_the_order_that_is_said()
    {
        string admin = System.IO.File.ReadAllText(AdminFile).Trim();
        string viewer = (await AsAdminAsync("token", "create", "--owner", "viv", "--role", "viewer")).Output.Trim();
        string oper = (await AsAdminAsync("token", "create", "--owner", "ole", "--role", "operator")).Output.Trim();
        var environment = new Dictionary<string, string> { ["HOSTCTL_TOKEN"] = viewer, ["HOSTCTL_TOKEN_FILE"] = File("ole", oper), ["XDG_CONFIG_HOME"] = _directory.File("config") };
        string endpoints = aggregator.Data.File("endpoints.json");
        async Task<string> WhoAsync(params string[] more) => (await HostctlRun.RunAsync(environment, ["whoami", "--endpoints", endpoints, .. more])).Output.Split(' ')[0];

        Assert.Equal("local-admin", await WhoAsync("--token-file", File("admin", admin)));
        Assert.Equal("viv", await WhoAsync());
        environment.Remove("HOSTCTL_TOKEN");
        Assert.Equal("ole", await WhoAsync());
        environment.Remove("HOSTCTL_TOKEN_FILE");
        Assert.Equal(0, (await HostctlRun.TypingAsync(viewer, environment, "login", "--endpoints", endpoints)).ExitCode);
        Assert.Equal("viv", await WhoAsync());
    }

    [Fact]
    public async Task A_token_never_crosses_the_network_unencrypted_and_never_stands_on_the_command_line()
    {
        HostctlRun remote = await HostctlRun.RunAsync(new Dictionary<string, string> { ["HOSTCTL_TOKEN"] = "hat_x" }, "hosts", "-a", "http://192.0.2.1:7480");
        Assert.Equal(64, remote.ExitCode);
        Assert.Contains("use https", remote.Error);
        Assert.Equal(64, (await AsAdminAsync("token", "revoke", "hat_000000000000_x")).ExitCode);
        Assert.Equal(64, (await AsAdminAsync("login", "hat_000000000000_x")).ExitCode);
    }

    [Fact]
    public async Task The_audit_is_listed_anchored_and_verified_here()
    {
        await AsAdminAsync("token", "create", "--owner", "frida", "--role", "viewer");
        HostctlRun list = await AsAdminAsync("audit", "list", "--actor", "local-admin", "--action", "token.create");
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("owner=frida", list.Output);

        string anchor = (await AsAdminAsync("audit", "anchor")).Output.Trim();
        await AsAdminAsync("token", "create", "--owner", "frida", "--role", "viewer");
        HostctlRun verify = await AsAdminAsync("audit", "verify", "--anchor", anchor, "--anchor-file", File("anchors", $"# kept on paper\n\n{anchor}\n"));
        Assert.True(verify.ExitCode == 0, verify.Output + verify.Error);
        Assert.Contains("2 anchors: nothing was changed", verify.Output);

        string forged = anchor.Split(':')[0] + ":" + new string('f', 64);
        HostctlRun broken = await AsAdminAsync("audit", "verify", "--anchor", forged);
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains($"broken at record {anchor.Split(':')[0]}: ", broken.Output);
        Assert.Contains("its end was cut off", (await AsAdminAsync("audit", "verify", "--anchor", "999999:" + new string('f', 64))).Output);
        Assert.Equal(64, (await AsAdminAsync("audit", "verify", "--anchor", "nonsense")).ExitCode);
    }

    private Task<HostctlRun> AsAdminAsync(params string[] arguments)
        => HostctlRun.RunAsync(new Dictionary<string, string> { ["HOSTCTL_AGGREGATOR"] = aggregator.Url.ToString(), ["HOSTCTL_TOKEN_FILE"] = AdminFile }, arguments);

    private string File(string name, string content)
    {
        System.IO.File.WriteAllText(_directory.File(name), content);
        return _directory.File(name);
    }
}
