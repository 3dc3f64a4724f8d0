using HostAgent.Agent.Commands.Policy;
using HostAgent.V1;

namespace HostAgent.Agent.Commands;

/// <summary>Kinds as they are advertised.</summary>
internal static class KindDefs
{
    /// <summary>A kind as its handler declares it and the policy permits it.</summary>
    public static CommandKindDef Of(HandlerDefinition definition, CommandPolicy policy)
    {
        var kind = new CommandKindDef
        {
            Kind = definition.Kind,
            Help = definition.Help,
            Changes = definition.Changes,
            Allowed = policy.Allows(definition.Kind),
            Signatures = (uint)policy.FewestSignatures(definition),
            DefaultTimeoutMs = (uint)definition.DefaultTimeout.TotalMilliseconds,
        };
        kind.Args.Add(definition.Args);
        return kind;
    }
}
