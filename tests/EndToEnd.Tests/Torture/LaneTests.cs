using HostAgent.Torture;
using HostAgent.Torture.Lanes;

namespace HostAgent.EndToEnd.Tests.Torture;

public sealed class LaneTests
{
    [Fact]
    public async Task A_seed_repeats_the_faults_of_a_lane_and_another_seed_does_not()
    {
        string first = await ScheduleAsync("lane", 7);

        Assert.Equal(first, await ScheduleAsync("lane", 7));
        Assert.NotEqual(first, await ScheduleAsync("lane", 8));
        Assert.NotEqual(first, await ScheduleAsync("other", 7));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("60 --seed")]
    [InlineData("60 --seed -1")]
    [InlineData("60 --agents 0")]
    [InlineData("--directory")]
    public void Arguments_that_make_no_sense_are_refused(string line)
        => Assert.Throws<FormatException>(() => TortureOptions.Parse(line.Split(' ')));

    [Fact]
    public void Arguments_are_understood()
    {
        var options = TortureOptions.Parse("--seconds 90 --seed 7 --agents 2 --interval 200 --keep".Split(' '));
        Assert.Equal((90, 7, 2, 200, true),
            ((int)options.Duration.TotalSeconds, options.Seed, options.Agents, (int)options.Interval.TotalMilliseconds, options.Keep));
    }

    /// <summary>The first twenty faults of a lane, each with a random number it drew.</summary>
    private static async Task<string> ScheduleAsync(string name, int seed)
    {
        using var end = new CancellationTokenSource();
        var seen = new List<string>();
        Task Note(string kind, FaultMoment moment)
        {
            seen.Add($"{kind} {moment.Random.Next(1000)}");
            return seen.Count == 20 ? end.CancelAsync() : Task.CompletedTask;
        }

        var lane = new Lane(name, seed, (0, 0.001), [new("a", 3, m => Note("a", m)), new("b", 1, m => Note("b", m))]);
        await lane.RunAsync(new Chronicle(TextWriter.Null), end.Token);
        Assert.True(seen.Count(s => s[0] == 'a') > seen.Count(s => s[0] == 'b'));
        return string.Join(", ", seen);
    }
}
