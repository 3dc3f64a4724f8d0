namespace HostAgent.Aggregator.Query;

/// <summary>What the asker wrote cannot be understood: the message says what was found, where, and what would be right.</summary>
/// <param name="message">For people; complete without the position.</param>
/// <param name="position">Character the message speaks of, counted from 1; null when it is about the whole.</param>
internal sealed class QuerySyntaxException(string message, int? position = null) : Exception(message)
{
    /// <summary>Character the message speaks of, counted from 1; null when it is about the whole.</summary>
    public int? Position { get; } = position;
}
