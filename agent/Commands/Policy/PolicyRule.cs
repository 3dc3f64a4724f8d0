namespace HostAgent.Agent.Commands.Policy;

/// <summary>One entry of the policy: these kinds may act on these subjects, under these conditions.</summary>
internal sealed record PolicyRule
{
    /// <summary>Patterns of kinds, such as <c>service.*</c>.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Patterns of subjects, such as <c>unit:mcp-*.service</c>.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>How many different operators have to sign, 0 to 2, when the kind does not ask for more by itself; default 0.</summary>
    public int Signatures { get; init; }

    /// <summary>Runs of this rule's kinds on one subject; null: no limit.</summary>
    public Budget? PerSubject { get; init; }

    /// <summary>Runs of this rule on the whole host; null: no limit.</summary>
    public Budget? PerHost { get; init; }

    /// <summary>After so many runs of one kind on one subject, each within the time after the last one, no more is begun until an operator signs; null: it
    /// goes on.</summary>
    public Budget? GiveUp { get; init; }

    /// <summary>When it may begin; empty: always.</summary>
    public IReadOnlyList<TimeWindow> Windows { get; init; } = [];

    /// <summary>Where it stands: <c>FILE:LINE</c>.</summary>
    public required string Place { get; init; }

    /// <summary>True when it is about this kind.</summary>
    public bool IsAbout(string kind) => Glob.IsAnyMatch(Kinds, kind);
}
