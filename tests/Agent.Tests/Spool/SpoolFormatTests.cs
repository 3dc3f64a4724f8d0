using System.Text;
using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Spool;

/// <summary>Bytes of version 1 as they lie on disks: a later agent must read them.</summary>
public sealed class SpoolFormatTests
{
    private const string SegmentV1 =
        "484153504f4f4c00 01000000 aca27ef9 0900000000000000 0100000000000000 0200000000000000 e803000000000000 d007000000000000 0200000000000000";

    [Fact]
    public void A_loss_over_which_the_clock_was_set_back_goes_out_with_its_times_in_order()
    {
        Loss wire = new LossRange(1, 3, 6, 9_000, 2_000, 40, LossReason.SpoolDamaged).ToWire();
        Assert.Equal((2_000L, 9_000L, 3UL, 6UL), (wire.FirstUnixMs, wire.LastUnixMs, wire.FirstSequence, wire.LastSequence));
    }

    [Fact]
    public void A_header_is_spelled_as_the_format_says()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Length];
        new SegmentHeader(Epoch: 9, First: 1, Last: 2, FirstUnixMs: 1000, LastUnixMs: 2000, Samples: 2).Write(bytes);
        Assert.Equal(
            SegmentV1.Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexStringLower(bytes));
        Assert.Equal(new SegmentHeader(9, 1, 2, 1000, 2000, 2), SegmentHeader.Read(bytes));
        bytes[8] = 2;
        Assert.Null(SegmentHeader.Read(bytes));
    }

    [Fact]
    public void A_record_is_spelled_as_the_format_says()
    {
        byte[] record = [.. new byte[SegmentRecord.HeadLength], 0xAA, 0xBB];
        new SegmentRecord(Sequence: 258, TimeUnixMs: 1000, Samples: 7).WriteHead(record);
        Assert.Equal("02000000", Convert.ToHexStringLower(record[..4]));
        Assert.Equal("0201000000000000" + "e803000000000000" + "07000000" + "aabb", Convert.ToHexStringLower(record[8..]));
        Assert.Equal(new SegmentRecord(258, 1000, 7), SegmentRecord.Read(record));
        record[20] ^= 1;
        Assert.Null(SegmentRecord.Read(record));
    }

    [Fact]
    public void The_checksum_is_the_castagnoli_one()
    {
        // RFC 3720, appendix B.4.
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
    }

    [Fact]
    public void State_of_version_1_reads_and_is_written_the_same()
    {
        const string lines = "hostagent-spool 1\nepoch 1795354200000\nended 17 1234 clean\nended 18 0 unclean\nloss 17 12 40 -5 2000 8700 1\n";
        var text = $"{lines}crc {Crc32C.Of(Encoding.ASCII.GetBytes(lines)):x8}\n";
        var state = SpoolState.Parse(Encoding.ASCII.GetBytes(text));
        Assert.NotNull(state);
        Assert.Equal(1795354200000UL, state.Epoch);
        Assert.Equal([new EndedEpoch(17, 1234, true), new EndedEpoch(18, 0, false)], state.Ended);
        Assert.Equal(new LossRange(17, 12, 40, -5, 2000, 8700, LossReason.SpoolFull), Assert.Single(state.Losses));
        Assert.Equal(text, Encoding.ASCII.GetString(state.Format()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hostagent-spool 2\n")]
    [InlineData("hostagent-spool 1\nepoch -1\n")]
    [InlineData("hostagent-spool 1\nepoch\n")]
    [InlineData("hostagent-spool 1\nsomething 1\n")]
    public void State_that_does_not_read_is_told_from_an_empty_one(string lines)
    {
        Assert.Null(SpoolState.Parse(Encoding.ASCII.GetBytes($"{lines}crc {Crc32C.Of(Encoding.ASCII.GetBytes(lines)):x8}\n")));
        Assert.Null(SpoolState.Parse(Encoding.ASCII.GetBytes(lines)));
    }

    [Fact]
    public void Segment_names_sort_by_age_and_read_back()
    {
        var names = new[] { SegmentName.Of(9, 1), SegmentName.Of(9, 200), SegmentName.Of(10, 1), SegmentName.Of(ulong.MaxValue, 1) };
        Assert.Equal(names, names.Order(StringComparer.Ordinal));
        Assert.True(SegmentName.TryParse(names[1], out var epoch, out var first));
        Assert.Equal((9UL, 200UL), (epoch, first));
        Assert.False(SegmentName.TryParse("state", out _, out _));
        Assert.False(SegmentName.TryParse(names[0].Replace('-', '_'), out _, out _));
    }
}
