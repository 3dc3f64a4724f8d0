namespace HostAgent.Agent.Sampling.Processes;

/// <summary>The series of one group.</summary>
internal sealed class ProcessGroupSeries
{
    private readonly OptionalSeries[] _states;

    public ProcessGroupSeries(string group)
    {
        OptionalSeries Of(Metric metric) => new(metric, ("group", group));
        Processes = Of(ProcessGroupMetrics.Processes);
        Threads = Of(ProcessGroupMetrics.Threads);
        Resident = Of(ProcessGroupMetrics.Resident);
        Proportional = Of(ProcessGroupMetrics.Proportional);
        Descriptors = Of(ProcessGroupMetrics.Descriptors);
        Oldest = Of(ProcessGroupMetrics.Oldest);
        Cpu = Of(ProcessGroupMetrics.Cpu);
        Read = Of(ProcessGroupMetrics.Read);
        Written = Of(ProcessGroupMetrics.Written);
        Started = Of(ProcessGroupMetrics.Started);
        Ended = Of(ProcessGroupMetrics.Ended);
        Restarts = Of(ProcessGroupMetrics.Restarts);
        Unreadable = Of(ProcessGroupMetrics.Unreadable);
        Error = Of(ProcessGroupMetrics.Error);
        Growth = Of(ProcessGroupMetrics.Growth);
        Confidence = Of(ProcessGroupMetrics.Confidence);
        _states = [.. ProcessGroupMetrics.States.Select(one => new OptionalSeries(ProcessGroupMetrics.State, ("group", group), ("state", one.State)))];
    }

    public OptionalSeries Processes { get; }

    public OptionalSeries Threads { get; }

    public OptionalSeries Resident { get; }

    public OptionalSeries Proportional { get; }

    public OptionalSeries Descriptors { get; }

    public OptionalSeries Oldest { get; }

    public OptionalSeries Cpu { get; }

    public OptionalSeries Read { get; }

    public OptionalSeries Written { get; }

    public OptionalSeries Started { get; }

    public OptionalSeries Ended { get; }

    public OptionalSeries Restarts { get; }

    public OptionalSeries Unreadable { get; }

    public OptionalSeries Error { get; }

    public OptionalSeries Growth { get; }

    public OptionalSeries Confidence { get; }

    /// <summary>Stores the number of processes by state.</summary>
    public void SetStates(Tick tick, ReadOnlySpan<long> counts)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            _states[i].Set(tick, counts[i]);
        }
    }
}
