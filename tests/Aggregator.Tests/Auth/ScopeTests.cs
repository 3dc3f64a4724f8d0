using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>On which hosts a token may act.</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("{env=\"staging\"}", true)]
    [InlineData("{env=\"prod\"}", false)]
    [InlineData("{env=~\"sta.*\",rack!=\"r2\"}", true)]
    [InlineData("{env=~\"sta\"}", false)] // anchored: a part is no match
    [InlineData("{host=\"web1\"}", true)]
    [InlineData("{instance=\"11111111111111111111111111111111\"}", true)]
    [InlineData("{host=\"web2\"}", false)]
    [InlineData("{env=\"staging\",missing=\"x\"}", false)]
    [InlineData("{env=\"staging\",missing=\"\"}", true)]
    public void A_scope_holds_for_a_host_or_not(string scope, bool holds)
    {
        Assert.Equal(holds, LabelScope.Parse(scope).Includes(Web1()));
        Assert.Equal(holds, Somebody(Role.Operator, scope).MayAct(Web1()));
        Assert.Equal(holds, Somebody(Role.Operator, "{env=\"elsewhere\"}", scope).MayAct(Web1())); // any of them
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{env=~\".*\"}")]
    [InlineData("{env!=\"prod\"}")] // a host without the label would be in it as well
    [InlineData("up")]
    [InlineData("{__name__=\"up\"}")]
    [InlineData("{env=\"a\"} or {env=\"b\"}")]
    [InlineData("{env=~\"(\"}")]
    public void What_would_mean_more_than_it_says_is_no_scope(string scope) => Assert.Throws<FormatException>(() => LabelScope.Parse(scope));

    [Fact]
    public void A_host_cannot_talk_its_way_into_a_scope_by_a_label_named_host_or_instance()
    {
        HostView liar = Web1() with { Name = "web9", Labels = LabelSet.From([new("host", "web1"), new("instance", "22222222222222222222222222222222")]) };
        Assert.False(LabelScope.Parse("{host=\"web1\"}").Includes(liar));
        Assert.False(LabelScope.Parse("{instance=\"22222222222222222222222222222222\"}").Includes(liar));
    }

    [Fact]
    public void Without_scopes_an_operator_acts_everywhere_and_a_viewer_nowhere()
    {
        Assert.True(Somebody(Role.Operator).MayAct(Web1()));
        Assert.True(Somebody(Role.Admin).MayAct(Web1()));
        Assert.False(Somebody(Role.Viewer).MayAct(Web1()));
        Assert.False(Principal.Anonymous.MayAct(Web1()));
    }

    private static Principal Somebody(Role role, params string[] scopes) => new("ann", role, [.. scopes.Select(LabelScope.Parse)], "0123456789ab");

    private static HostView Web1() => new()
    {
        Id = "11111111111111111111111111111111",
        Name = "web1",
        Labels = LabelSet.From([new("env", "staging"), new("rack", "r1")]),
        AgentVersion = "",
        BootId = "",
        FirstSeenUnixMs = 0,
        LastSeenUnixMs = 0,
        LastSampleUnixMs = 0,
        Liveness = Liveness.Up,
        ClockSkewMs = 0,
        LiveLaneConnected = true,
        BackfillLaneConnected = false,
        SeriesCount = 0,
        Epoch = 1,
    };
}
