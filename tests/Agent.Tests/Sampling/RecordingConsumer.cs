using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling;

/// <summary>Keeps what each tick had: its time and the names of its groups.</summary>
internal sealed class RecordingConsumer : ITickConsumer
{
    private readonly Lock _gate = new();
    private readonly List<(long TimeMs, string Groups)> _ticks = [];

    public Action<int> OnEach { get; set; } = _ => { };

    public (long TimeMs, string Groups)[] Ticks
    {
        get
        {
            lock (_gate)
            {
                return [.. _ticks];
            }
        }
    }

    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
        int count;
        lock (_gate)
        {
            List<string> names = [];
            foreach (int group in groups)
            {
                names.Add(table.Groups[group].Name);
            }

            _ticks.Add((timeUnixMs, string.Join(' ', names)));
            count = _ticks.Count;
        }

        OnEach(count);
    }
}
