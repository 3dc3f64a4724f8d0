using HostAgent.Agent.Linux;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling;

/// <summary>Sleeping turns the clock: a scheduler runs through hours of ticks on the thread of the test. What happens during a sleep is scripted.</summary>
internal sealed class FakeSleeper(FakeTime time) : ITickSleeper
{
    private readonly Queue<Action> _script = new();

    /// <summary>Called when the script is over, before each further sleep: ends the run.</summary>
    public Action AtEnd { get; set; } = () => { };

    public TimeSpan Suspended { get; private set; }

    public int Sleeps { get; private set; }

    /// <summary>The next sleep goes well, <paramref name="times"/> times over.</summary>
    public FakeSleeper Sleep(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _script.Enqueue(() => { });
        }

        return this;
    }

    /// <summary>Before the next sleep is over this happens.</summary>
    public FakeSleeper During(Action action)
    {
        _script.Enqueue(action);
        return this;
    }

    /// <summary>The machine is suspended for <paramref name="duration"/> during the next sleep: only wall clock and boot time go on.</summary>
    public FakeSleeper Suspend(TimeSpan duration) => During(() =>
    {
        Suspended += duration;
        time.JumpWallClock(time.GetUtcNow() + duration);
    });

    public void Sleep(TimeSpan duration)
    {
        Sleeps++;
        if (_script.TryDequeue(out Action? action))
        {
            action();
        }
        else
        {
            AtEnd();
        }

        time.Advance(duration);
    }

    public void WakeForGood()
    {
    }
}
