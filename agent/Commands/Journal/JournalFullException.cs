namespace HostAgent.Agent.Commands.Journal;

/// <summary>The journal is at its bound and nothing in it may be forgotten yet.</summary>
internal sealed class JournalFullException(string message) : IOException(message);
