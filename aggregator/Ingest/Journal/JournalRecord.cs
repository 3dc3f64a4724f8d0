using HostAgent.Aggregator.Hosts;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest.Journal;

/// <summary>One record of a row. <paramref name="Hello"/> stands with a section's opening only, <paramref name="Batch"/> (there: the baseline) with
/// all but its sealing.</summary>
internal sealed record JournalRecord(
    int Kind, long Section, Hello? Hello, Batch? Batch, IReadOnlyList<(int Count, FrameOutcome Outcome)> Runs);
