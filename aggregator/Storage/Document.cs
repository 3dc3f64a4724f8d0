namespace HostAgent.Aggregator.Storage;

/// <summary>A document as it is stored.</summary>
/// <param name="Collection">What it belongs to: <c>command</c>, <c>operator-token</c> ...</param>
/// <param name="Key">Its name there; documents are ordered by it, byte by byte of its UTF-8.</param>
/// <param name="Body">Its content; the collection's owner knows the form.</param>
public sealed record Document(string Collection, string Key, ReadOnlyMemory<byte> Body);
