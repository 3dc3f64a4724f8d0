using HostAgent.Protos.Audit;

namespace HostAgent.Protos.Tests.Audit;

public sealed class AuditChainTests
{
    [Fact]
    public void The_hash_of_a_known_record_is_the_one_it_always_was()
    {
        // Computed from FORMAT.md by another program: an audit of last year must verify for ever.
        Assert.Equal("c1c39ed855ef9fbd69679ba466c22274a9f3752fa9bed25661c097dd4a19f361", AuditChain.HashOf(Sample.Record()));
    }

    [Fact]
    public void What_was_stored_is_read_back_to_the_last_field()
    {
        AuditRecord record = AuditChain.Seal(Sample.Record());
        AuditRecord read = AuditChain.Decode(AuditChain.Encode(record));
        Assert.Equal(record with { Details = read.Details }, read);
        Assert.Equal(record.Details.OrderBy(d => d.Key, StringComparer.Ordinal), read.Details);
    }

    [Fact]
    public void Every_field_is_part_of_the_hash()
    {
        AuditRecord record = Sample.Record();
        AuditRecord[] others =
        [
            record with { Sequence = 8 },
            record with { UnixMs = record.UnixMs + 1 },
            record with { Actor = "bob" },
            record with { Role = "viewer" },
            record with { Origin = "192.0.2.2" },
            record with { Action = "token.revoke" },
            record with { Target = "" },
            record with { Outcome = "failed" },
            record with { PreviousHash = AuditChain.NoHash },
            record with { Details = new Dictionary<string, string>() },
            record with { Details = new Dictionary<string, string> { ["owner"] = "bob", ["role"] = "admin" } },
            record with { Actor = "anna", Role = "dmin" }, // the same characters, cut elsewhere
        ];
        Assert.Equal(others.Length + 1, others.Append(record).Select(AuditChain.HashOf).Distinct().Count());
    }

    [Fact]
    public void Every_byte_of_a_stored_record_counts()
    {
        byte[] stored = AuditChain.Encode(AuditChain.Seal(Sample.Record()));
        for (int i = 0; i < stored.Length; i++)
        {
            byte[] changed = [.. stored];
            changed[i] ^= 1;
            Assert.True(IsBroken(changed), $"byte {i}");
        }

        for (int length = 0; length < stored.Length; length++)
        {
            Assert.True(IsBroken(stored[..length]), $"cut at {length}");
        }

        Assert.True(IsBroken([.. stored, 0]));
    }

    [Theory]
    [InlineData("0:0000000000000000000000000000000000000000000000000000000000000000", true)]
    [InlineData("00000000000000000012:aa00000000000000000000000000000000000000000000000000000000000000\n", true)]
    [InlineData("0:aa00000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("12:AA00000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("-1:aa00000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("12", false)]
    [InlineData("", false)]
    public void An_anchor_is_read_or_refused(string text, bool valid) => Assert.Equal(valid, AuditAnchor.TryParse(text) is not null);

    private static bool IsBroken(byte[] stored)
    {
        try
        {
            AuditRecord record = AuditChain.Decode(stored);
            return AuditChain.HashOf(record) != record.Hash;
        }
        catch (FormatException)
        {
            return true;
        }
    }
}
