namespace HostAgent.Aggregator.Storage;

/// <summary>A chunk on its way to a backend. Two chunks of a series may overlap (late samples) and even start together; both are kept.</summary>
public readonly record struct SealedChunk(SeriesId Series, long StartUnixMs, long EndUnixMs, byte[] Body);
