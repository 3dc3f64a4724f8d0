namespace HostAgent.Agent.Commands;

/// <summary>What a command would act on and do, as the host is now.</summary>
internal sealed record CommandPlan
{
    /// <summary>What it acts on, as the local policy names it: <c>unit:nginx.service</c>, <c>container:web</c>, <c>compose:/srv/app</c>,
    /// <c>process:1234:python3</c>, <c>postgres:main</c>, <c>path:/var/log/app.log</c>, <c>sampler:cpu</c>, <c>agent</c>. The policy must allow every one.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>What was seen, for preconditions and for the report: <c>active_state=failed</c>. Names are lower case with underscores.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What would be done now, a sentence each, in order.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Why it cannot be done as the host is now (no such unit, not the same process any more); null when it can. A refused command has no
    /// effect and ends as rejected.</summary>
    public string? Refusal { get; init; }

    /// <summary>For what the handler passes from its plan to its run; not journalled.</summary>
    public object? State { get; init; }
}
