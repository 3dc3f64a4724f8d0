using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Metrics;

namespace HostAgent.Aggregator.Ingest;

/// <summary>What ingest counts about itself.</summary>
internal sealed class IngestMeters
{
    private readonly MetricRegistry _registry;
    private readonly MetricCounter _present;
    private readonly MetricCounter _late;
    private readonly MetricCounter _samples;

    public IngestMeters(MetricRegistry registry)
    {
        _registry = registry;
        _present = registry.Counter("hostaggregator_ingest_frames_total", "Frames stored, by whether they were news or late.", ("outcome", "present"));
        _late = registry.Counter("hostaggregator_ingest_frames_total", "Frames stored, by whether they were news or late.", ("outcome", "late"));
        _samples = registry.Counter("hostaggregator_ingest_samples_total", "Samples stored.");
        Duplicates = registry.Counter("hostaggregator_ingest_duplicate_frames_total", "Frames that came again and were not stored again.");
        Commits = registry.Counter("hostaggregator_ingest_commits_total", "Group commits that became durable.");
        FailedCommits = registry.Counter("hostaggregator_ingest_failed_commits_total", "Group commits that failed and were, or will be, tried again.");
        JournalBytes = registry.Counter("hostaggregator_ingest_journal_bytes_total", "Bytes of journal rows written.");
        SealedChunks = registry.Counter("hostaggregator_ingest_sealed_chunks_total", "Chunks written.");
        CommitSeconds = registry.Histogram(
            "hostaggregator_ingest_commit_seconds", "Duration of a group commit, until it is on disk.", [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
    }

    public MetricCounter Duplicates { get; }

    public MetricCounter Commits { get; }

    public MetricCounter FailedCommits { get; }

    public MetricCounter JournalBytes { get; }

    public MetricCounter SealedChunks { get; }

    public MetricHistogram CommitSeconds { get; }

    /// <summary>A frame was stored.</summary>
    public void Frame(FrameOutcome outcome, int samples)
    {
        (outcome == FrameOutcome.Present ? _present : _late).Increment();
        _samples.Add(samples);
    }

    /// <summary>Something was refused. <paramref name="reason"/> comes from a fixed list.</summary>
    public void Refused(string reason)
        => _registry.Counter("hostaggregator_ingest_refused_total", "Frames and calls refused, by reason.", ("reason", reason)).Increment();

    /// <summary>Registers what is read from the pipeline when the metrics are.</summary>
    public void Watch(IngestPipeline pipeline)
    {
        _registry.Gauge("hostaggregator_ingest_lanes", "Calls open now.", () => pipeline.LaneCount);
        _registry.Gauge("hostaggregator_ingest_pending_bytes", "Journal bytes that wait for a commit.", () => pipeline.Queue.PendingBytes);
        _registry.Gauge("hostaggregator_ingest_degraded", "1 while commits fail.", () => pipeline.Health().IsDegraded ? 1 : 0);
        _registry.Gauge("hostaggregator_store_size_bytes", "Bytes that the store takes on disk.", () => pipeline.Store.SizeBytes);
        _registry.Gauge("hostaggregator_store_series", "Series known to the store.", () => pipeline.Store.SeriesCount);
        _registry.CounterFrom("hostaggregator_store_damaged_chunks_total", "Damaged chunks that readers met.", () => pipeline.Store.DamagedChunks);
    }
}
