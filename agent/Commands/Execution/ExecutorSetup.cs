using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>What the executor works with.</summary>
internal sealed record ExecutorSetup
{
    /// <summary>Identity of this host, as orders name it among their targets.</summary>
    public required string HostId { get; init; }

    /// <summary>What can be done.</summary>
    public required HandlerSet Handlers { get; init; }

    /// <summary>What was done.</summary>
    public required CommandJournal Journal { get; init; }

    /// <summary>Where reports go.</summary>
    public required ReportOutbox Outbox { get; init; }

    /// <summary>What may be done.</summary>
    public required PolicySource Policy { get; init; }

    /// <summary>Whose signatures count.</summary>
    public required OperatorKeys Operators { get; init; }

    /// <summary>Limits.</summary>
    public required CommandOptions Options { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where it is logged.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Called at every boundary of a command's life with its id and the name of what was just done: <c>received</c>, <c>planned</c>, <c>intent</c> (on the
    /// disk), <c>acted</c>, <c>outcome</c> (on the disk). Null: nobody watches.</summary>
    public Action<string, string>? OnStep { get; init; }
}
