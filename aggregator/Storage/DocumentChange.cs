namespace HostAgent.Aggregator.Storage;

/// <summary>Writes a document, or deletes it.</summary>
/// <param name="Collection">See <see cref="Document.Collection"/>.</param>
/// <param name="Key">See <see cref="Document.Key"/>.</param>
/// <param name="Body">Null deletes; deleting what is not there is no error.</param>
public sealed record DocumentChange(string Collection, string Key, ReadOnlyMemory<byte>? Body);
