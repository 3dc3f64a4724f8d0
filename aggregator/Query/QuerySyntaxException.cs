namespace HostAgent.Aggregator.Query;

/// <summary>What the asker wrote cannot be understood: the message says what was found, where, and what would be right.</summary>
/// <param name="message">For people.</param>
/// <param name="position">Character the message speaks of, counted from 1; null when it is about the whole.</param>
/// <param name="problem">The message without the position; null when the message has none.</param>
internal sealed class QuerySyntaxException(string message, int? position = null, string? problem = null) : Exception(message)
{
    /// <summary>Character the message speaks of, counted from 1; null when it is about the whole.</summary>
    public int? Position { get; } = position;

    /// <summary>What is wrong, without the position.</summary>
    public string Problem { get; } = problem ?? message;
}
