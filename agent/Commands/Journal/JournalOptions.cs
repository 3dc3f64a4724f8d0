namespace HostAgent.Agent.Commands.Journal;

/// <summary>How much the journal keeps.</summary>
internal sealed record JournalOptions
{
    /// <summary>Most commands in the journal; default 4,096. More are rejected until old ones may be forgotten.</summary>
    public int MaxCommands { get; init; } = 4096;

    /// <summary>Most bytes of records; default 8 MiB. More are rejected likewise.</summary>
    public long MaxBytes { get; init; } = 8 << 20;

    /// <summary>The journal is rewritten when it has grown by this much since the last time; default 512 KiB.</summary>
    public long RewriteAfterBytes { get; init; } = 512 << 10;

    /// <summary>Commands kept for people when nothing else needs them; default 100.</summary>
    public int KeptForPeople { get; init; } = 100;

    /// <summary>How far the clocks of those who order and of this host may be apart, from 0 to 5 min; default 30 s.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a command that has run counts for budgets: the longest that a budget's window may be; 24 h.</summary>
    public static readonly TimeSpan BudgetMemory = TimeSpan.FromHours(24);
}
