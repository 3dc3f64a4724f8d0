namespace HostAgent.Agent.Databases;

/// <summary>Which sessions are meant.</summary>
/// <param name="OlderThan">In their state for at least this long.</param>
/// <param name="InTransaction">Those idle in a transaction too.</param>
/// <param name="Database">Null for every database.</param>
/// <param name="User">Null for every role.</param>
/// <param name="Most">At most so many, those idle longest first.</param>
internal sealed record SessionFilter(TimeSpan OlderThan, bool InTransaction, string? Database, string? User, int Most);
