using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Head;

namespace HostAgent.Aggregator.Ingest;

/// <summary>A section on its way out of the head: what replaces it once it is durable.</summary>
internal sealed record SectionSeal(long Section, HeadSection Head, List<SealedChunk> Chunks, List<AccountRecord> Account);
