namespace HostAgent.Agent.Commands.Policy;

/// <summary>What this host lets be done to itself. Whatever no rule allows is denied.</summary>
internal sealed class CommandPolicy
{
    /// <summary>Nothing is allowed.</summary>
    public static readonly CommandPolicy DenyAll = new();

    /// <summary>In the order of the file: of the rules that are about a kind and a subject the first one counts.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; init; } = [];

    /// <summary>What the agent orders itself.</summary>
    public IReadOnlyList<ReflexRule> Reflexes { get; init; } = [];

    /// <summary>True when the kind is allowed on at least one subject.</summary>
    public bool Allows(string kind) => Rules.Any(rule => rule.IsAbout(kind));

    /// <summary>Fewest signatures with which a command of this kind can be allowed.</summary>
    public int FewestSignatures(HandlerDefinition definition) => Math.Max(
        definition.Signatures, Rules.Where(rule => rule.IsAbout(definition.Kind)).Select(static rule => rule.Signatures).DefaultIfEmpty().Min());

    /// <summary>The rule that decides about a kind on a subject; null: denied.</summary>
    public PolicyRule? RuleFor(string kind, string subject) => Rules.FirstOrDefault(rule => rule.IsAbout(kind) && Glob.IsAnyMatch(rule.Subjects, subject));
}
