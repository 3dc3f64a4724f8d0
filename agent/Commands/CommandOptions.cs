using HostAgent.Agent.Commands.Journal;

namespace HostAgent.Agent.Commands;

/// <summary>What may be done to this host, and who says so.</summary>
public sealed record CommandOptions
{
    /// <summary>The policy file; default /etc/hostagent/commands.yaml. Without it nothing is allowed.</summary>
    public string PolicyFile { get; init; } = "/etc/hostagent/commands.yaml";

    /// <summary>Directory of the operators' public keys, NAME.pem each; default /etc/hostagent/operators.d.</summary>
    public string OperatorsDirectory { get; init; } = "/etc/hostagent/operators.d";

    /// <summary>Most commands that change something at once, from 1 to 64; default 4. As many again may look at once.</summary>
    public int MaxConcurrent { get; init; } = 4;

    /// <summary>How far this host's clock and that of whoever orders may be apart, from 0 to 5 min; default 30 s. An order is begun up to this much
    /// before its not-before and after its not-after.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most commands that the journal holds, from 16 to 65,536; default 4,096.</summary>
    public int MaxJournalCommands { get; init; } = 4096;

    /// <summary>Most bytes of the journal, from 256 KiB to 256 MiB; default 8 MiB.</summary>
    public long MaxJournalBytes { get; init; } = 8 << 20;

    internal JournalOptions Journal => new() { MaxCommands = MaxJournalCommands, MaxBytes = MaxJournalBytes, ClockSkew = ClockSkew };
}
