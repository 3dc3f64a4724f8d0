using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>What the journal knows of one command. Changed only by the journal, under its lock; what is read elsewhere may be a moment old.</summary>
internal sealed class CommandEntry
{
    /// <summary>32 lower-case hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the canonical order.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>Who gave it.</summary>
    public required CommandOrigin Origin { get; init; }

    /// <summary>What was ordered, without secrets.</summary>
    public required CommandOrder Order { get; init; }

    /// <summary>When it was received.</summary>
    public required long ReceivedUnixMs { get; init; }

    /// <summary>Its kind.</summary>
    public string Kind => Order.Body.Kind;

    /// <summary>When its intent was written; 0: it has not begun.</summary>
    public long BegunUnixMs { get; set; }

    /// <summary>When it ended; 0: it has not.</summary>
    public long EndedUnixMs { get; set; }

    /// <summary>What it acts on; empty before it began.</summary>
    public IReadOnlyList<SubjectRun> Subjects { get; set; } = [];

    /// <summary>What the plan saw; empty before it began.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; set; } = new Dictionary<string, string>();

    /// <summary>The last thing that the journal says of it.</summary>
    public required CommandReport Report { get; set; }

    /// <summary>Where it is in its life.</summary>
    public CommandState State => Report.State;

    /// <summary>It has its one final state.</summary>
    public bool HasEnded => State.IsFinal();
}
