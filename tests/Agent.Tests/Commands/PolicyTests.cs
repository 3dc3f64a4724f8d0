using System.Security.Cryptography;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

public sealed class PolicyTests : IDisposable
{
    private readonly TempDirectory _directory = new("policy");
    private readonly FakeTime _time = new();
    private readonly CommandRig _rig;

    public PolicyTests() => _rig = new CommandRig(_directory.FullPath, _time);

    public void Dispose()
    {
        _rig.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("allow:\n  - kinds: [service.burn]\n    subjects: ['*']", "p:2: there is no kind service.burn; there are service.restart")]
    [InlineData("allow:\n  - kinds: [service.*]", "p:2: subjects must be a list of one or more patterns")]
    [InlineData("allow:\n  - kinds: [service.*]\n    subjects: [nginx]", "p:3: \"nginx\" is no subject; it must be like unit:nginx.service")]
    [InlineData("allow:\n  - kinds: [service.*]\n    subjects: ['*']\n    signatures: 3", "p:4: signatures: \"3\" is not allowed; it must be a whole number from 0 to 2")]
    [InlineData("allow:\n  - kinds: [service.*]\n    subjects: ['*']\n    budget: { max: 3 }", "p:4: budget must be { max: TIMES, per: TIME }")]
    [InlineData("allow:\n  - kinds: [service.*]\n    subjects: ['*']\n    budget: { max: 3, per: 25h }", "with a time up to 24h")]
    [InlineData("allow:\n  - kinds: [service.*]\n    subjects: ['*']\n    windows: ['Mon 25:00-26:00']", "p:4: \"Mon 25:00-26:00\" is no time window")]
    [InlineData("allow:\n  - kinds: [service.*]\n    subjects: ['*']\n    signature: 1", "p:4: a rule has no key \"signature\"")]
    [InlineData("allow:\n  kinds: x", "p:2: allow must be a list")]
    [InlineData("permit: []", "p:1: the policy has no key \"permit\"")]
    [InlineData("allow: [", "this is not YAML")]
    [InlineData("allow: []\nallow: []", "p:2: allow is set twice")]
    [InlineData("reflexes:\n  - name: x\n    when: nonsense\n    for: 3\n    kind: service.restart\n    args: { unit: a }\n    limit: { max: 1, per: 1h }", "p:3: \"nonsense\" is no condition")]
    [InlineData("reflexes:\n  - name: x\n    when: a < 1\n    kind: service.restart\n    args: { unit: a }", "p:2: a reflex needs for: TICKS and limit")]
    [InlineData("reflexes:\n  - name: x\n    when: a < 1\n    for: 3\n    kind: service.restart\n    limit: { max: 1, per: 1h }", "argument unit is missing")]
    [InlineData("reflexes:\n  - name: x\n    when: a < 1\n    for: 3\n    kind: service.restart\n    args: { unit: a }\n    limit: { max: 1, per: 1h }", "p:2: the reflex x can never run: no rule allows service.restart")]
    [InlineData("allow: [{ kinds: ['*'], subjects: ['*'], signatures: 1 }]\nreflexes:\n  - name: x\n    when: a < 1\n    for: 3\n    kind: service.restart\n    args: { unit: a }\n    limit: { max: 1, per: 1h }", "p:3: the reflex x can never run: service.restart needs signatures")]
    [InlineData("reflexes:\n  - name: X Y\n    when: a < 1\n    for: 3\n    kind: service.restart\n    args: { unit: a }\n    limit: { max: 1, per: 1h }", "p:2: \"X Y\" is no name")]
    public void What_is_wrong_is_named_with_its_line(string text, string message)
    {
        (CommandPolicy policy, IReadOnlyList<string> problems) = PolicyReader.Read(text, "p", [_rig.Handler.Definition]);
        Assert.Contains(problems, problem => problem.Contains(message, StringComparison.Ordinal));
        Assert.Same(CommandPolicy.DenyAll, policy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("allow:\nreflexes:\n")]
    public void An_empty_policy_allows_nothing(string text)
    {
        (CommandPolicy policy, IReadOnlyList<string> problems) = PolicyReader.Read(text, "p", [_rig.Handler.Definition]);
        Assert.Empty(problems);
        Assert.False(policy.Allows("service.restart"));
    }

    [Fact]
    public async Task Without_a_policy_file_everything_is_denied_and_one_that_comes_counts_at_once()
    {
        File.Delete(_rig.Options.PolicyFile);
        CommandReport end = await _rig.DoAsync(_rig.Order());
        Assert.Equal(CommandState.Rejected, end.State);
        Assert.Contains("there is no policy file", end.Message, StringComparison.Ordinal);
        _rig.SetPolicy(CommandRig.DefaultPolicy);
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
        _rig.SetPolicy("allow: {");
        end = await _rig.DoAsync(_rig.Order());
        Assert.Equal(CommandState.Rejected, end.State);
        Assert.Contains(": this is not YAML", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_or_a_key_that_others_can_write_does_not_count()
    {
        File.SetUnixFileMode(_rig.Options.PolicyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        Assert.Contains("can be written by its group", (await _rig.DoAsync(_rig.Order())).Message, StringComparison.Ordinal);
        _rig.SetPolicy(CommandRig.DefaultPolicy);
        using ECDsa alice = _rig.AddOperator("alice");
        File.SetUnixFileMode(Path.Combine(_rig.Options.OperatorsDirectory, "alice.pem"), UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        Assert.Contains("can be written by its group or by everybody", (await _rig.DoAsync(CommandRig.Sign(_rig.Order(), ("alice", alice)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_many_different_operators_have_to_sign_as_the_policy_says()
    {
        _rig.SetPolicy(CommandRig.DefaultPolicy + "\n    signatures: 2");
        using ECDsa alice = _rig.AddOperator("alice"), bob = _rig.AddOperator("bob"), mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("needs the signatures of 2 different operators on this host; the order has 0", (await _rig.DoAsync(_rig.Order())).Message, StringComparison.Ordinal);
        Assert.Equal(0, _rig.Handler.Plans);
        await Rejected("the order has 1", ("alice", alice));
        await Rejected("operator alice has signed twice", ("alice", alice), ("alice", alice));
        await Rejected("the signature of operator bob is not good for this order", ("alice", alice), ("bob", mallory));
        await Rejected("knows no operator mallory", ("alice", alice), ("mallory", mallory));
        CommandOrder altered = CommandRig.Sign(_rig.Order(), ("alice", alice), ("bob", bob));
        altered.Body.Args[0].Value = "web-2.service";
        Assert.Contains("is not good for this order", (await _rig.DoAsync(altered)).Message, StringComparison.Ordinal);
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(CommandRig.Sign(_rig.Order(), ("alice", alice), ("bob", bob)))).State);
        File.Delete(Path.Combine(_rig.Options.OperatorsDirectory, "bob.pem"));
        await Rejected("knows no operator bob", ("alice", alice), ("bob", bob));
        Assert.Equal(1, _rig.Handler.Runs);

        async Task Rejected(string why, params (string, ECDsa)[] operators)
        {
            CommandReport end = await _rig.DoAsync(CommandRig.Sign(_rig.Order(), operators));
            Assert.Equal(CommandState.Rejected, end.State);
            Assert.Contains(why, end.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_budget_counts_the_runs_of_its_window_also_over_a_restart()
    {
        _rig.SetPolicy(CommandRig.DefaultPolicy + "\n    budget: { max: 2, per: 10m }\n    host_budget: { max: 3, per: 10m }");
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
        Assert.Contains("may run 2 times in 10 min on unit:web-1.service", (await _rig.DoAsync(_rig.Order())).Message, StringComparison.Ordinal);
        _rig.Dispose();
        using var next = new CommandRig(_directory.FullPath, _time);
        Assert.Contains("may run 2 times in 10 min on unit:web-1.service", (await next.DoAsync(next.Order())).Message, StringComparison.Ordinal);
        Assert.Equal(CommandState.Succeeded, (await next.DoAsync(next.Order(unit: "web-2.service"))).State);
        Assert.Contains("may run 3 times in 10 min on this host", (await next.DoAsync(next.Order(unit: "web-3.service"))).Message, StringComparison.Ordinal);
        _time.JumpWallClock(_time.GetUtcNow() - TimeSpan.FromMinutes(30));
        Assert.Contains("may run 2 times", (await next.DoAsync(next.Order())).Message, StringComparison.Ordinal);
        using ECDsa alice = next.AddOperator("alice");
        CommandOrder forced = CommandRig.Sign(next.Order(change: static body => body.Precondition = "budget=override"), ("alice", alice));
        Assert.Equal(CommandState.Succeeded, (await next.DoAsync(forced)).State);
        _time.Advance(TimeSpan.FromMinutes(41));
        Assert.Equal(CommandState.Succeeded, (await next.DoAsync(next.Order())).State);
    }

    [Fact]
    public async Task What_does_not_help_is_given_up_until_an_operator_signs()
    {
        _rig.SetPolicy(CommandRig.DefaultPolicy + "\n    give_up: { after: 3, within: 10m }");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
            _time.Advance(TimeSpan.FromMinutes(5));
        }

        CommandReport end = await _rig.DoAsync(_rig.Order());
        Assert.Contains("was run 3 times on unit:web-1.service, each within 10 min of the one before, and is wanted again: it does not help", end.Message, StringComparison.Ordinal);
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order(unit: "web-2.service"))).State);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(CommandState.Rejected, (await _rig.DoAsync(_rig.Order())).State);
        using ECDsa alice = _rig.AddOperator("alice");
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(CommandRig.Sign(_rig.Order(), ("alice", alice)))).State);
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
    }

    [Fact]
    public async Task What_has_helped_for_long_enough_begins_a_new_chain()
    {
        _rig.SetPolicy(CommandRig.DefaultPolicy + "\n    give_up: { after: 2, within: 10m }");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
            _time.Advance(TimeSpan.FromMinutes(11));
        }
    }

    [Fact]
    public async Task An_order_from_this_host_needs_no_signature_but_everything_else()
    {
        _rig.SetPolicy(CommandRig.DefaultPolicy + "\n    signatures: 2");
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order(), CommandOrigin.Local)).State);
        Assert.Equal(CommandState.Rejected, (await _rig.DoAsync(_rig.Order(unit: "sshd.service"), CommandOrigin.Local)).State);
        Assert.Equal(CommandState.Rejected, (await _rig.DoAsync(_rig.Order(), CommandOrigin.Reflex)).State);
    }

    [Theory]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-02T08:00", true)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-02T18:00", false)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-03T12:00", false)]
    [InlineData("22:00-04:00", "2026-01-02T23:59", true)]
    [InlineData("22:00-04:00", "2026-01-02T03:59", true)]
    [InlineData("22:00-04:00", "2026-01-02T04:00", false)]
    [InlineData("Fri 22:00-04:00", "2026-01-03T03:00", true)]
    [InlineData("Fri 22:00-04:00", "2026-01-02T03:00", false)]
    [InlineData("Sat-Mon 00:00-24:00", "2026-01-04T12:00", true)]
    public void Time_windows_are_hours_of_the_week(string window, string at, bool within) => Assert.Equal(
        within, TimeWindow.Parse(window)!.Contains(DateTimeOffset.Parse(at + "Z", System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Outside_its_time_window_a_command_is_rejected()
    {
        DateTimeOffset local = _time.GetLocalNow();
        _rig.SetPolicy(CommandRig.DefaultPolicy + $"\n    windows: ['{local.AddHours(2):HH:mm}-{local.AddHours(3):HH:mm}']");
        Assert.Contains("does not allow service.restart on unit:web-1.service at", (await _rig.DoAsync(_rig.Order())).Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(150));
        Assert.Equal(CommandState.Succeeded, (await _rig.DoAsync(_rig.Order())).State);
    }

    [Theory]
    [InlineData("unit:mcp-*.service", "unit:mcp-a.service", true)]
    [InlineData("unit:mcp-*.service", "unit:mcp-.service.d", false)]
    [InlineData("path:/var/log/*", "path:/var/log/a/b", true)]
    [InlineData("*", "", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Patterns_are_for_the_whole_text(string pattern, string text, bool fits) => Assert.Equal(fits, Glob.IsMatch(pattern, text));
}
