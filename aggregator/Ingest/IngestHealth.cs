namespace HostAgent.Aggregator.Ingest;

/// <summary>Whether what arrives becomes durable.</summary>
/// <param name="IsDegraded">Commits fail: nothing is acknowledged until one succeeds.</param>
/// <param name="Detail">What is wrong, or what was found at the start; for people.</param>
/// <param name="SinceUnixMs">Since when it is as it is.</param>
/// <param name="LastCommitUnixMs">When something last became durable; 0 when nothing has since the start.</param>
/// <param name="DamagedJournalRows">Journal rows that could not be read at the start: what they held is lost.</param>
public sealed record IngestHealth(bool IsDegraded, string Detail, long SinceUnixMs, long LastCommitUnixMs, int DamagedJournalRows);
