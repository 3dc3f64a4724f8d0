using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling.Ports;

namespace HostAgent.Agent.Tests.Sampling.Ports;

public sealed class PortRuleTests
{
    [Theory]
    [InlineData("443", 443, true)]
    [InlineData("443", 43, false)]
    [InlineData("443", 4433, false)]
    [InlineData("5432", 54, false)]
    [InlineData("8000", 800, false)]
    [InlineData("443/udp", 443, false)]
    [InlineData("30000-30010", 30010, true)]
    [InlineData("30000-30010", 30011, false)]
    public void Numbers_are_compared_as_numbers(string rule, int port, bool same) =>
        Assert.Equal(same, PortRule.Parse(rule, ranges: true)!.Single().HasNumber(Socket("0.0.0.0", port)));

    [Theory]
    // rule, address, open there, permitted there
    [InlineData("80", "127.0.0.1", true, true)]
    [InlineData("80", "::", true, true)]
    [InlineData("80@loopback", "127.0.0.53", true, true)]
    [InlineData("80@loopback", "::1", true, true)]
    [InlineData("80@loopback", "0.0.0.0", true, false)]
    [InlineData("80@loopback", "10.0.0.1", false, false)]
    [InlineData("80@all", "::", true, true)]
    [InlineData("80@all", "127.0.0.1", false, true)]
    [InlineData("80@10.0.0.1", "10.0.0.1", true, true)]
    [InlineData("80@10.0.0.1", "10.0.0.2", false, false)]
    [InlineData("80@10.0.0.1", "0.0.0.0", true, false)]
    [InlineData("80/tcp4", "::", true, true)]
    [InlineData("80/tcp4", "::1", false, false)]
    [InlineData("80/tcp6", "0.0.0.0", false, false)]
    [InlineData("80/tcp6", "::", true, true)]
    [InlineData("80@2001:DB8::1", "2001:db8::1", true, true)]
    public void A_scope_says_where_it_must_be_open_and_how_far_it_may_reach(string rule, string address, bool open, bool permitted)
    {
        PortRule one = PortRule.Parse(rule, ranges: false)!.Single();
        ListeningSocket socket = Socket(address, 80);
        Assert.Equal((open, permitted), (one.IsOpenAt(socket), one.Permits(socket)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("ssh")]
    [InlineData("80/sctp")]
    [InlineData("80@everywhere")]
    [InlineData("80-90")]
    [InlineData("+80")]
    public void What_is_no_port_is_refused(string text) => Assert.Equal(PortRule.ExpectedForm, PortRule.CheckExpected(text));

    [Fact]
    public void An_IPv6_socket_for_IPv6_only_takes_no_IPv4()
    {
        ListeningSocket both = Socket("::", 80);
        Assert.True(both.TakesV4 && both.TakesV6);
        ListeningSocket only = both with { IsV6Only = true };
        Assert.True(!only.TakesV4 && only.TakesV6);
        ListeningSocket mapped = Socket("::ffff:127.0.0.1", 80);
        Assert.True(mapped.TakesV4 && !mapped.TakesV6 && mapped.IsLoopback);
        Assert.Equal("127.0.0.1", mapped.AddressText());
    }

    [Theory]
    [InlineData("127.0.0.1:5432", true)]
    [InlineData("db.example:5432", true)]
    [InlineData("[::1]:22", true)]
    [InlineData("::1:22", false)]
    [InlineData("db.example", false)]
    [InlineData("db.example:0", false)]
    [InlineData("http://x:80", false)]
    [InlineData(":80", false)]
    public void A_target_is_a_host_and_a_port(string text, bool good) => Assert.Equal(good, ConnectTarget.Check(text) is null);

    private static ListeningSocket Socket(string text, int port)
    {
        var address = IPAddress.Parse(text);
        UInt128 number = 0;
        foreach (byte one in address.GetAddressBytes())
        {
            number = (number << 8) | one;
        }

        return new ListeningSocket(false, address.AddressFamily == AddressFamily.InterNetworkV6, false, (ushort)port, number, 1);
    }
}
