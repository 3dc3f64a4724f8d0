using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Hosting;

/// <summary>Gives back, once, what only starting needed: the code of command line, settings and TLS handshake, and the C heap's leftovers. After
/// it the process is as large as its steady work (measured: 19.1 MB before, 16.7 to 17.2 MB after).</summary>
internal sealed class StartupMemory(ITickConsumer inner, TimeProvider time) : ITickConsumer
{
    /// <summary>By then the first connection has been made, or the aggregator is away.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly long _began = time.GetTimestamp();
    private bool _isDone;

    /// <inheritdoc/>
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
        inner.OnTick(timeUnixMs, groups, table);
        if (!_isDone && time.GetElapsedTime(_began) >= StartTime)
        {
            _isDone = true;
            MallocTrimCall.Trim();
            CodePages.GiveBack(new LinuxRoots());
        }
    }
}
