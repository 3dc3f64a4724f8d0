using HostAgent.Protos.Audit;

namespace HostAgent.Protos.Tests.Audit;

/// <summary>A forger with the records in hand, and what the walk over the chain says to each of his tricks.</summary>
public sealed class AuditVerifierTests
{
    private const int Length = 9;

    private readonly List<AuditRecord> _chain = Sample.Chain(Length);

    [Fact]
    public void An_untouched_chain_is_in_order()
    {
        AuditVerifier verifier = Walk(_chain, Anchor(Length), Anchor(3), AuditAnchor.Empty);
        Assert.Empty(verifier.Findings);
        Assert.Equal((ulong)Length, verifier.Records);
        Assert.Equal(Anchor(Length), verifier.Head);
        Assert.Empty(Walk([], AuditAnchor.Empty).Findings);
    }

    [Fact]
    public void Editing_any_field_of_any_record_is_found_there()
    {
        Func<AuditRecord, AuditRecord>[] edits =
        [
            r => r with { UnixMs = r.UnixMs + 1 },
            r => r with { Actor = "mallory" },
            r => r with { Role = "" },
            r => r with { Origin = "local" },
            r => r with { Action = "token.list" },
            r => r with { Target = "elsewhere" },
            r => r with { Outcome = "refused" },
            r => r with { Details = new Dictionary<string, string>() },
            r => r with { PreviousHash = new string('b', 64) },
            r => r with { Hash = new string('c', 64) },
        ];
        for (int i = 0; i < Length; i++)
        {
            foreach (Func<AuditRecord, AuditRecord> edit in edits)
            {
                List<AuditRecord> forged = [.. _chain];
                forged[i] = edit(forged[i]);
                Assert.Contains(Walk(forged).Findings, finding => finding.Sequence == (ulong)i + 1);
            }
        }
    }

    [Fact]
    public void Editing_with_the_hash_made_to_fit_breaks_the_link_to_the_next()
    {
        for (int i = 0; i < Length - 1; i++)
        {
            List<AuditRecord> forged = [.. _chain];
            forged[i] = AuditChain.Seal(forged[i] with { Actor = "mallory" });
            Assert.Equal((ulong)i + 2, Assert.Single(Walk(forged).Findings).Sequence);
        }

        // The last one has no next: the head, or an anchor, stands in for it.
        List<AuditRecord> end = [.. _chain];
        end[^1] = AuditChain.Seal(end[^1] with { Actor = "mallory" });
        Assert.Equal((ulong)Length, Assert.Single(Walk(end, Anchor(Length)).Findings).Sequence);
    }

    [Fact]
    public void Deleting_any_record_is_found_the_last_one_by_an_anchor()
    {
        for (int i = 0; i < Length; i++)
        {
            List<AuditRecord> forged = [.. _chain];
            forged.RemoveAt(i);
            Assert.NotEmpty(Walk(forged, Anchor(Length)).Findings);
        }

        Assert.Contains("its end was cut off", Assert.Single(Walk(_chain[..5], Anchor(Length)).Findings).What);
        Assert.NotEmpty(Walk([], Anchor(1)).Findings);
    }

    [Fact]
    public void Swapping_repeating_and_inserting_are_found()
    {
        for (int i = 0; i < Length - 1; i++)
        {
            List<AuditRecord> swapped = [.. _chain];
            (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
            Assert.NotEmpty(Walk(swapped).Findings);
            List<AuditRecord> renumbered = [.. _chain];
            (renumbered[i], renumbered[i + 1]) = (renumbered[i + 1] with { Sequence = (ulong)i + 1 }, renumbered[i] with { Sequence = (ulong)i + 2 });
            Assert.NotEmpty(Walk(renumbered).Findings);
            List<AuditRecord> repeated = [.. _chain];
            repeated.Insert(i, _chain[i]);
            Assert.NotEmpty(Walk(repeated).Findings);
            List<AuditRecord> inserted = [.. _chain];
            inserted.Insert(i + 1, AuditChain.Seal(_chain[i + 1] with { Actor = "mallory" }));
            Assert.NotEmpty(Walk(inserted).Findings);
        }
    }

    [Fact]
    public void A_chain_made_anew_as_a_whole_agrees_with_no_anchor()
    {
        List<AuditRecord> forged = [];
        foreach (AuditRecord record in _chain)
        {
            forged.Add(AuditChain.Seal(record with { Actor = record.Sequence == 4 ? "mallory" : record.Actor, PreviousHash = forged.Count == 0 ? AuditChain.NoHash : forged[^1].Hash }));
        }

        Assert.Empty(Walk(forged).Findings); // by itself it is flawless: that is what anchors are for
        Assert.NotEmpty(Walk(forged, Anchor(4)).Findings);
        Assert.NotEmpty(Walk(forged, Anchor(Length)).Findings);
        Assert.Empty(Walk(forged, Anchor(3)).Findings); // which still holds: nothing up to there was changed
    }

    [Fact]
    public void Many_findings_are_counted_and_a_hundred_kept()
    {
        List<AuditRecord> chain = Sample.Chain(300);
        AuditVerifier verifier = Walk([.. chain.Select(record => record with { Actor = "mallory" })]);
        Assert.Equal((AuditVerifier.MaxFindings, 300L), (verifier.Findings.Count, verifier.FindingCount));
    }

    private AuditAnchor Anchor(int sequence) => new((ulong)sequence, _chain[sequence - 1].Hash);

    private static AuditVerifier Walk(IEnumerable<AuditRecord> chain, params AuditAnchor[] anchors)
    {
        var verifier = new AuditVerifier(anchors);
        foreach (AuditRecord record in chain)
        {
            verifier.Add(record);
        }

        bool inOrder = verifier.Finish();
        Assert.Equal(verifier.Findings.Count == 0, inOrder);
        return verifier;
    }
}
