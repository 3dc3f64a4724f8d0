using System.Buffers;
using HostAgent.Protos.Frames;

namespace HostAgent.Protos.Tests.Frames;

/// <summary>Bytes written down by hand from FORMAT.md: they lie on disks and pass between versions, so they never change.</summary>
public sealed class FrameGoldenTests
{
    private static readonly int[] BothGroups = [1, 300];

    [Fact]
    public void A_first_frame_tells_every_value_that_is_not_zero()
    {
        Assert.Equal("11 02 01 ab02 00 02 00 01 01 d804", Spell(full: true, [1, -1, 0, 300], [1, 300], FourSeries()));
        Assert.Equal("01 02 01 ab02 00 02 00 01 01 d804", Spell(full: false, [1, -1, 0, 300], [1, 300], FourSeries()));
    }

    [Fact]
    public void A_later_frame_tells_only_changes()
    {
        var encoder = FourSeries();
        Spell(full: false, [1, -1, 0, 300], BothGroups, encoder);
        Assert.Equal("01 02 01 ab02 02 0d 00 03", Spell(full: false, [1, -1, -7, 298], BothGroups, encoder));
        Assert.Equal("01 02 01 ab02", Spell(full: false, [1, -1, -7, 298], BothGroups, encoder));
        Assert.Equal("01 01 ac02 03 01", Spell(full: false, [99, 99, 99, 297], [300], encoder));
    }

    [Fact]
    public void A_double_is_told_by_its_reversed_changed_bits()
    {
        var table = Table((0, true));
        var encoder = new FrameEncoder(table);
        // 1.0 is 0x3FF0..., reversed 0xFFC; 1.5 differs from it in the highest mantissa bit, bit 51, reversed bit 12.
        Assert.Equal("01 01 00 00 fc1f", Spell(false, [BitConverter.DoubleToInt64Bits(1.0)], [0], encoder));
        Assert.Equal("01 01 00 00 8020", Spell(false, [BitConverter.DoubleToInt64Bits(1.5)], [0], encoder));
    }

    [Fact]
    public void The_largest_change_takes_ten_bytes()
    {
        var encoder = new FrameEncoder(Table((0, false)));
        Assert.Equal("01 01 00 00 ffffffffffffffffff01", Spell(false, [long.MinValue], [0], encoder));
        // Wrapping: from the smallest to the largest value is one step down.
        Assert.Equal("01 01 00 00 01", Spell(false, [long.MaxValue], [0], encoder));
    }

    private static FrameEncoder FourSeries() => new(Table((1, false), (1, false), (1, false), (300, false)));

    private static FrameTable Table(params (int Group, bool IsFloat)[] series)
    {
        var table = new FrameTable();
        foreach (var (group, isFloat) in series)
        {
            table.DefineGroup(group);
            table.Define(table.Count, group, isFloat);
        }

        return table;
    }

    /// <summary>Hex, one word per varint.</summary>
    private static string Spell(bool full, long[] raw, int[] groups, FrameEncoder encoder)
    {
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(raw, groups, full, output);
        var words = new List<string>();
        var word = "";
        foreach (var part in output.WrittenSpan)
        {
            word += part.ToString("x2", null);
            if (part < 0x80)
            {
                words.Add(word);
                word = "";
            }
        }

        return string.Join(' ', words);
    }
}
