namespace HostAgent.SamplingBench;

/// <summary>A clock that is stepped from tick to tick, so that ticks of many seconds run at full speed.</summary>
internal sealed class SteppingTime : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(60) + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;

    public void Step(TimeSpan by) => _elapsed += by;
}
