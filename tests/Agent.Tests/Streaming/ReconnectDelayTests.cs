using HostAgent.Agent.Streaming;

namespace HostAgent.Agent.Tests.Streaming;

public sealed class ReconnectDelayTests
{
    [Fact]
    public void The_bound_doubles_to_its_limit_and_the_pause_is_a_random_part_of_it()
    {
        var random = 1.0;
        var delay = new ReconnectDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), () => random);
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => delay.Next().TotalSeconds));
        random = 0.25;
        Assert.Equal(15, delay.Next().TotalSeconds);
        random = 0;
        Assert.Equal(30, delay.AfterRefusal().TotalSeconds);
        delay.Reset();
        random = 1;
        Assert.Equal(1, delay.Next().TotalSeconds);
    }

    [Fact]
    public void It_stays_bounded_for_ever()
    {
        var delay = new ReconnectDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), () => 1);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.InRange(delay.Next().TotalSeconds, 1, 60);
        }
    }
}
