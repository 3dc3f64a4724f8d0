using HostAgent.Protos.Frames;

namespace HostAgent.Protos.Tests.Frames;

/// <summary>What the other side may get wrong, and the offset at which it is told.</summary>
public sealed class FrameRefusalTests
{
    /// <summary>Series 0 and 1 in group 0 (1 has ended), 2 and 3 in group 1.</summary>
    private readonly FrameTable _table = new();

    public FrameRefusalTests()
    {
        _table.DefineGroup(0);
        _table.DefineGroup(1);
        _table.Define(0, 0, false);
        _table.Define(1, 0, false);
        _table.Define(2, 1, true);
        _table.Define(3, 1, false);
        _table.End(1);
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("00 01 00", 0, "version 0")]
    [InlineData("02 01 00", 0, "version 2")]
    [InlineData("21 01 00", 0, "flags 0x20")]
    [InlineData("01", 1, "past the end")]
    [InlineData("01 00", 1, "0 groups")]
    [InlineData("01 03 00 01", 1, "3 groups")]
    [InlineData("01 ffffffffffffffffff01 00", 1, "groups")]
    [InlineData("01 01 02", 2, "not announced")]
    [InlineData("01 01 ffffffffffffffffff01", 2, "not announced")]
    [InlineData("01 02 01 ffffffff07", 3, "not announced")]
    [InlineData("01 02 00 00", 3, "named twice")]
    [InlineData("01 01 00 04 02", 3, "past the last one")]
    [InlineData("01 01 00 ffffffffffffffffff01 02", 3, "past the last one")]
    [InlineData("01 01 01 03 02 00 02", 5, "past the last one")]
    [InlineData("01 01 00 01 02", 3, "has ended")]
    [InlineData("01 01 00 02 02", 3, "belongs to a group")]
    [InlineData("01 01 00 00 00", 4, "changes nothing")]
    [InlineData("01 01 01 02 00", 4, "changes nothing")]
    [InlineData("01 01 00 00", 4, "past the end")]
    [InlineData("01 01 00 00 80", 4, "past the end")]
    [InlineData("01 01 00 00 ffffffffffffffffff02", 4, "64 bits")]
    [InlineData("01 01 00 00 8080808080808080808001", 4, "64 bits")]
    public void A_body_that_breaks_the_format_is_refused_by_offset(string hex, int offset, string what)
    {
        var body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var error = Assert.Throws<FrameFormatException>(() => new FrameDecoder(_table).Decode(body));
        Assert.Equal(offset, error.Offset);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_of_a_group_without_series_is_well_formed_and_empty()
    {
        _table.DefineGroup(7);
        Assert.Equal(0, new FrameDecoder(_table).Decode([1, 1, 7]).Count);
    }

    [Fact]
    public void Announcements_are_held_to_order_groups_and_limits()
    {
        var table = new FrameTable(maxSeries: 2, maxGroups: 3);
        Assert.Contains("below the limit of 3", Refusal(() => table.DefineGroup(3)), StringComparison.Ordinal);
        Assert.Contains("below the limit of 3", Refusal(() => table.DefineGroup(-1)), StringComparison.Ordinal);
        table.DefineGroup(2);
        Assert.Contains("not announced", Refusal(() => table.Define(0, 1, false)), StringComparison.Ordinal);
        Assert.Contains("dense", Refusal(() => table.Define(1, 2, false)), StringComparison.Ordinal);
        table.Define(0, 2, false);
        Assert.Contains("dense", Refusal(() => table.Define(0, 2, false)), StringComparison.Ordinal);
        table.Define(1, 2, false);
        Assert.Contains("limit of 2", Refusal(() => table.Define(2, 2, false)), StringComparison.Ordinal);
        Assert.Contains("not announced", Refusal(() => table.End(2)), StringComparison.Ordinal);
        table.End(0);
        Assert.Contains("ended", Refusal(() => table.End(0)), StringComparison.Ordinal);
        table.Reset();
        Assert.Contains("not announced", Refusal(() => table.Define(0, 2, false)), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_and_mutated_bytes_never_do_anything_but_decode_or_be_refused()
    {
        var random = new Random(20261122);
        var decoder = new FrameDecoder(_table);
        byte[] good = [0x11, 2, 0, 1, 0, 2, 1, 9, 0, 0x80, 0x20];
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < 200_000; i++)
        {
            var body = i % 2 == 0 ? new byte[random.Next(24)] : (byte[])good.Clone();
            if (i % 2 == 0)
            {
                random.NextBytes(body);
            }
            else
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
                body = body[..random.Next(1, body.Length + 1)];
            }

            try
            {
                var frame = decoder.Decode(body);
                Assert.InRange(frame.Count, 0, 3);
                accepted++;
            }
            catch (FrameFormatException error)
            {
                Assert.InRange(error.Offset ?? -1, 0, body.Length);
                refused++;
            }
        }

        Assert.True(accepted > 1_000 && refused > 100_000, $"{accepted} accepted, {refused} refused");
    }

    private static string Refusal(Action act)
    {
        var error = Assert.Throws<FrameFormatException>(act);
        Assert.Null(error.Offset);
        return error.Message;
    }
}
