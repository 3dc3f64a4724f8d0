using HostAgent.Protos.Audit;

namespace HostAgent.Protos.Tests.Audit;

/// <summary>Records to test with.</summary>
internal static class Sample
{
    public static AuditRecord Record() => new()
    {
        Sequence = 7,
        UnixMs = 1_767_225_600_123,
        Actor = "ann",
        Role = "admin",
        Origin = "192.0.2.1",
        Action = "token.create",
        Target = "0123456789ab",
        Outcome = "done",
        Details = new Dictionary<string, string> { ["role"] = "operator", ["owner"] = "bob ü" },
        PreviousHash = new string('a', 64),
        Hash = "",
    };

    /// <summary>A chain as it was appended.</summary>
    public static List<AuditRecord> Chain(int length)
    {
        List<AuditRecord> chain = [];
        for (int i = 1; i <= length; i++)
        {
            chain.Add(AuditChain.Seal(Record() with
            {
                Sequence = (ulong)i,
                UnixMs = 1_767_225_600_000 + i,
                Target = $"host-{i}",
                PreviousHash = chain.Count == 0 ? AuditChain.NoHash : chain[^1].Hash,
            }));
        }

        return chain;
    }
}
