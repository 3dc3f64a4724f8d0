namespace HostAgent.Aggregator.Storage;

/// <summary>A chunk as a backend gives it back; the times are the closed interval that its samples span.</summary>
public readonly record struct StoredChunk(long StartUnixMs, long EndUnixMs, byte[] Body);
