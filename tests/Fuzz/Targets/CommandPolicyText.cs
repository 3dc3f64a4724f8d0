using System.Text;
using HostAgent.Agent.Commands.Policy;

namespace HostAgent.Fuzz.Targets;

/// <summary>The policy file, whatever somebody has typed into it: read, or everything that is wrong is said and nothing is allowed.</summary>
internal sealed class CommandPolicyText : FuzzTarget
{
    public override string Name => "command-policy";

    public override IEnumerable<byte[]> Seeds()
    {
        yield return "allow:\n  - kinds: [\"*\"]\n    subjects: [\"unit:*\"]\n    budget: { max: 3, per: 10m }\n    windows: [\"Mon-Fri 08:00-18:00\"]\n"u8.ToArray();
        yield return "allow: [{ kinds: [], subjects: [] }]\nreflexes: []\n"u8.ToArray();
    }

    public override bool Run(byte[] input)
    {
        (CommandPolicy policy, IReadOnlyList<string> problems) = PolicyReader.Read(Encoding.UTF8.GetString(input), "p", []);
        if (problems.Count > 0 && (policy.Rules.Count > 0 || problems.Any(static problem => !problem.StartsWith("p:", StringComparison.Ordinal))))
        {
            throw new InvalidOperationException("a policy with faults allows something, or a fault has no place");
        }

        SeriesCondition.Parse(Encoding.UTF8.GetString(input));

        // Without any handlers every pattern of kinds is a fault: what is tested is that it is said.
        return true;
    }
}
