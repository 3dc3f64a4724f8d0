namespace HostAgent.Aggregator.Ingest;

/// <summary>Bounds the frames per second of a lane, on average over ten seconds (a token bucket).</summary>
internal sealed class FrameBudget(int framesPerSecond)
{
    private const int BurstSeconds = 10;

    private double _tokens = (double)framesPerSecond * BurstSeconds;
    private long _filledUnixMs;

    /// <summary>Takes so many frames out of the budget; false when it does not hold as many.</summary>
    public bool TryTake(int frames, long nowUnixMs)
    {
        double most = (double)framesPerSecond * BurstSeconds;
        if (_filledUnixMs != 0)
        {
            _tokens = Math.Min(most, _tokens + (Math.Max(0, nowUnixMs - _filledUnixMs) * framesPerSecond / 1000.0));
        }

        _filledUnixMs = nowUnixMs;
        _tokens -= frames;
        return _tokens >= 0;
    }
}
