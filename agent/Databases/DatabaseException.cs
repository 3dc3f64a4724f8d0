namespace HostAgent.Agent.Databases;

/// <summary>The database cannot be reached, does not let this user in, or refused. The message says which and what to do; it holds no password.</summary>
internal sealed class DatabaseException(string message, Exception? inner = null) : IOException(message, inner);
