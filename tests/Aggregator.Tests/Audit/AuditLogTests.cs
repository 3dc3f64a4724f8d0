using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Sqlite;
using HostAgent.Protos.Audit;
using HostAgent.TestSupport;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Aggregator.Tests.Audit;

/// <summary>The audit on a real database file, with a forger who has that file in hand while the aggregator is stopped.</summary>
public sealed class AuditLogTests : IDisposable
{
    private const int Length = 6;

    private readonly TempDirectory _directory = new("audit");
    private readonly FakeTime _time = new();

    private string HeadPath => _directory.File(AuditHeadFile.Name);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_record_and_the_effect_are_committed_together_and_survive()
    {
        using (Opened opened = Open())
        {
            AuditRecord record = opened.Log.Append(Entry("first"), new DocumentChange("thing", "a", "effect"u8.ToArray()));
            Assert.Equal((1UL, "done", AuditChain.NoHash), (record.Sequence, record.Outcome, record.PreviousHash));
            Assert.Throws<StorageException>(() => Append(new RefusingStore(opened.Store)));
            Assert.Equal(1UL, opened.Log.Head.Sequence);
        }

        using Opened again = Open();
        Assert.NotNull(again.Store.Read("thing", "a"));
        Assert.Equal(2UL, again.Log.Append(Entry("second")).Sequence);
        Assert.Equal(["first", "second"], again.Log.Read(1, 10).Select(record => record.Target));
        Assert.Equal(["second"], again.Log.Read(2, 1, descending: true).Select(record => record.Target));
        Assert.True(Verify(again.Store).FindingCount == 0);

        AuditRecord Append(IDocumentStore store)
        {
            using var log = new AuditLog(store, _directory.File("other.head"), _time, new MetricRegistry(), NullLogger<AuditLog>.Instance);
            return log.Append(Entry("never"), new DocumentChange("thing", "b", "effect"u8.ToArray()));
        }
    }

    [Fact]
    public void No_secret_and_no_endless_text_gets_in()
    {
        using Opened opened = Open();
        string token = "hat_0123456789ab_" + new string('S', 43);
        AuditRecord record = opened.Log.Append(new AuditEntry
        {
            Actor = "x" + token,
            Action = "a",
            Role = "hae1.0123456789abcdef." + new string('S', 43) + ".fingerprint",
            Target = new string('t', 100_000),
            Details = Enumerable.Range(0, 50).ToDictionary(i => $"{token} {i:D2}", i => $"half a character \ud800 and {token}"),
        });
        Assert.DoesNotContain("SSSS", System.Text.Encoding.UTF8.GetString(AuditChain.Encode(record)));
        Assert.Equal("xhat_0123456789ab_***", record.Actor);
        Assert.Equal("hae1.0123456789abcdef.***.fingerprint", record.Role);
        Assert.Equal(1024, record.Target.Length);
        Assert.InRange(record.Details.Count, 1, 32);
        Assert.True(Verify(opened.Store).FindingCount == 0);
    }

    [Fact]
    public void Every_byte_of_every_stored_record_counts()
    {
        Fill();
        using var store = new SqliteDocuments(_directory.File("control.sqlite"));
        foreach (Document document in store.Scan(AuditDocuments.Records))
        {
            for (int i = 0; i < document.Body.Length; i += 7)
            {
                byte[] forged = document.Body.ToArray();
                forged[i] ^= 0x20;
                store.Commit([new(document.Collection, document.Key, forged)]);
                Assert.True(Verify(store).FindingCount > 0, $"record {document.Key}, byte {i}");
            }

            store.Commit([new(document.Collection, document.Key, document.Body)]);
        }

        Assert.True(Verify(store).FindingCount == 0);
    }

    [Theory]
    [InlineData("delete first")]
    [InlineData("delete middle")]
    [InlineData("delete last")]
    [InlineData("delete last, head too")]
    [InlineData("delete all")]
    [InlineData("swap")]
    [InlineData("insert between")]
    [InlineData("insert elsewhere")]
    [InlineData("replace last, hash made to fit")]
    [InlineData("compute all anew, head too")]
    public void Every_trick_is_found_by_the_walk_and_at_the_next_start(string trick)
    {
        AuditAnchor anchor = Fill();
        using (var store = new SqliteDocuments(_directory.File("control.sqlite")))
        {
            Forge(store, trick);
            Assert.True(Verify(store, anchor).FindingCount > 0);
        }

        bool atTheEnd = trick is not ("delete first" or "delete middle" or "swap" or "insert between" or "insert elsewhere");
        using Opened again = Open();
        Assert.Equal(atTheEnd ? HealthStatus.Degraded : HealthStatus.Healthy, Health(again.Log).Status);
        if (atTheEnd)
        {
            Assert.Equal("audit.broken", again.Log.Read(again.Log.Head.Sequence, 1)[0].Action);
            Assert.Equal(anchor, AuditHeadFile.TryRead(Directory.GetFiles(_directory.FullPath, "audit.head.broken-*").Single())); // the evidence
        }
    }

    [Fact]
    public void A_head_that_is_behind_is_what_a_power_cut_leaves()
    {
        Fill();
        using (var store = new SqliteDocuments(_directory.File("control.sqlite")))
        {
            AuditRecord third = AuditChain.Decode(store.Read(AuditDocuments.Records, AuditDocuments.Key(3))!.Value.Span);
            using AuditHeadFile head = AuditHeadFile.Open(HeadPath);
            head.Write(new AuditAnchor(3, third.Hash));
        }

        using Opened again = Open();
        Assert.Equal(HealthStatus.Healthy, Health(again.Log).Status);
        Assert.Equal(again.Log.Head, AuditHeadFile.TryRead(HeadPath));
    }

    private static void Forge(SqliteDocuments store, string trick)
    {
        List<Document> all = [.. store.Scan(AuditDocuments.Records)];
        DocumentChange Delete(int i) => new(AuditDocuments.Records, all[i].Key, null);
        DocumentChange Write(string key, AuditRecord record) => new(AuditDocuments.Records, key, AuditChain.Encode(record));
        AuditRecord At(int i) => AuditChain.Decode(all[i].Body.Span);
        DocumentChange Head(AuditRecord record) => AuditDocuments.Changes(record)[1];
        store.Commit(trick switch
        {
            "delete first" => [Delete(0)],
            "delete middle" => [Delete(Length / 2)],
            "delete last" => [Delete(Length - 1)],
            "delete last, head too" => [Delete(Length - 1), Head(At(Length - 2))],
            "delete all" => [.. Enumerable.Range(0, Length).Select(Delete), new(AuditDocuments.Heads, "head", null)],
            "swap" => [Write(all[1].Key, At(2)), Write(all[2].Key, At(1))],
            "insert between" => [Write(all[2].Key + "x", At(2))],
            "insert elsewhere" => [Write("99999999999999999999999", At(2))],
            "replace last, hash made to fit" => [Write(all[^1].Key, AuditChain.Seal(At(Length - 1) with { Actor = "mallory" }))],
            _ => Anew(),
        });

        List<DocumentChange> Anew()
        {
            List<DocumentChange> changes = [];
            AuditRecord last = AuditChain.Seal(At(0) with { Actor = "mallory" });
            changes.AddRange(AuditDocuments.Changes(last));
            for (int i = 1; i < Length; i++)
            {
                last = AuditChain.Seal(At(i) with { PreviousHash = last.Hash });
                changes.AddRange(AuditDocuments.Changes(last));
            }

            return changes;
        }
    }

    private AuditAnchor Fill()
    {
        using Opened opened = Open();
        for (int i = 1; i <= Length; i++)
        {
            opened.Log.Append(Entry($"host-{i}"));
        }

        return opened.Log.Head;
    }

    private static AuditEntry Entry(string target)
        => new() { Actor = "ann", Role = "operator", Origin = "192.0.2.1", Action = "command.create", Target = target, Details = new Dictionary<string, string> { ["kind"] = "service.restart" } };

    private static AuditVerifier Verify(IDocumentStore store, params AuditAnchor[] anchors) => AuditDocuments.Verify(store, anchors);

    private static HealthCheckResult Health(AuditLog log) => log.CheckHealthAsync(new HealthCheckContext()).GetAwaiter().GetResult();

    private Opened Open()
    {
        var store = new SqliteDocuments(_directory.File("control.sqlite"));
        return new Opened(store, new AuditLog(store, HeadPath, _time, new MetricRegistry(), NullLogger<AuditLog>.Instance));
    }

    private sealed record Opened(SqliteDocuments Store, AuditLog Log) : IDisposable
    {
        public void Dispose()
        {
            Log.Dispose();
            Store.Dispose();
        }
    }
}
