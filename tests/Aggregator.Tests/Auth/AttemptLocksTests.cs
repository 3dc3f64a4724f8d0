using System.Net;
using HostAgent.Aggregator.Auth;
using HostAgent.TestSupport;

namespace HostAgent.Aggregator.Tests.Auth;

public sealed class AttemptLocksTests
{
    private static readonly ClientAddress Here = ClientAddress.From(IPAddress.Loopback);
    private static readonly ClientAddress There = ClientAddress.From(IPAddress.Parse("192.0.2.1"));

    private readonly FakeTime _time = new();
    private readonly AttemptLocks _locks;

    public AttemptLocksTests() => _locks = new AttemptLocks(new AuthOptions(), _time);

    [Fact]
    public void Five_failures_with_one_token_lock_it_out_for_a_minute_from_that_address_only()
    {
        string token = TokenText.Make().ToString();
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(_locks.Failed(There, token));
        }

        Assert.Null(_locks.LockedFor(There, token));
        Assert.Equal(TimeSpan.FromMinutes(1), _locks.Failed(There, token));
        Assert.Equal(TimeSpan.FromMinutes(1), _locks.LockedFor(There, token));
        Assert.Null(_locks.LockedFor(Here, token));
        Assert.Null(_locks.LockedFor(There, TokenText.Make().ToString()));
        _time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.NotNull(_locks.LockedFor(There, token));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(_locks.LockedFor(There, token));
    }

    [Fact]
    public void Each_further_lock_is_twice_as_long_up_to_an_hour_and_a_success_forgives()
    {
        string token = TokenText.Make().ToString();
        foreach (int minutes in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), FailFiveTimes());
            _time.Advance(TimeSpan.FromMinutes(minutes));
        }

        _locks.Succeeded(Here, token);
        Assert.Equal(TimeSpan.FromMinutes(1), FailFiveTimes());

        TimeSpan? FailFiveTimes() => Enumerable.Range(0, 5).Select(_ => _locks.Failed(Here, token)).ToArray()[^1];
    }

    [Fact]
    public void Failures_that_are_long_ago_do_not_count()
    {
        string token = TokenText.Make().ToString();
        for (int i = 0; i < 40; i++)
        {
            Assert.Null(_locks.Failed(Here, token));
            _time.Advance(TimeSpan.FromMinutes(4)); // at most four within any 15 minutes
        }
    }

    [Fact]
    public void A_remote_address_that_tries_many_tokens_is_locked_as_a_whole_and_loopback_is_not()
    {
        for (int i = 0; i < 50; i++)
        {
            _locks.Failed(There, TokenText.Make().ToString());
            _locks.Failed(Here, TokenText.Make().ToString());
        }

        Assert.NotNull(_locks.LockedFor(There, TokenText.Make().ToString()));
        Assert.Null(_locks.LockedFor(Here, TokenText.Make().ToString())); // a guesser on this machine must not lock out its operator
    }

    [Fact]
    public void Setting_the_wall_clock_frees_nobody()
    {
        string token = TokenText.Make().ToString();
        for (int i = 0; i < 5; i++)
        {
            _locks.Failed(Here, token);
        }

        _time.JumpWallClock(_time.GetUtcNow().AddDays(1));
        Assert.NotNull(_locks.LockedFor(Here, token));
    }

    [Fact]
    public void An_IPv6_neighbour_shares_its_network_and_an_IPv4_address_in_IPv6_clothes_is_itself()
    {
        Assert.Equal(ClientAddress.From(IPAddress.Parse("2001:db8::1")).Group, ClientAddress.From(IPAddress.Parse("2001:db8::ffff:2")).Group);
        Assert.NotEqual(ClientAddress.From(IPAddress.Parse("2001:db8::1")).Group, ClientAddress.From(IPAddress.Parse("2001:db8:0:1::1")).Group);
        Assert.Equal(There, ClientAddress.From(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.True(ClientAddress.From(IPAddress.Parse("::ffff:127.0.0.1")).IsLoopback);
    }

    [Fact]
    public void Strangers_without_end_cost_bounded_memory()
    {
        long before = GC.GetTotalMemory(true);
        for (int i = 0; i < 60_000; i++)
        {
            _locks.Failed(ClientAddress.From(new IPAddress(0x0A000000 + i)), "x");
        }

        Assert.InRange(GC.GetTotalMemory(true) - before, 0, 20L << 20);
    }
}
