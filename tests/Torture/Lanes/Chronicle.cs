using System.Diagnostics;

namespace HostAgent.Torture.Lanes;

/// <summary>What happened so far, in order, with seconds since the start. Safe to call from any thread.</summary>
internal sealed class Chronicle(TextWriter output)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How often each kind of thing happened.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Writes one line.</summary>
    public void Say(string who, string what)
    {
        lock (_gate)
        {
            output.WriteLine($"{_watch.Elapsed.TotalSeconds,9:0.000}  {who,-12} {what}");
            output.Flush();
        }
    }

    /// <summary>Counts something for the summary.</summary>
    public void Count(string what)
    {
        lock (_gate)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }
}
