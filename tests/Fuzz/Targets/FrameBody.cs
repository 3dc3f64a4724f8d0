using System.Buffers;
using HostAgent.Protos.Frames;

namespace HostAgent.Fuzz.Targets;

/// <summary>Frame bodies as a hostile agent could send them: FrameDecoder over a table of integer and float series in two groups.</summary>
internal sealed class FrameBody : FuzzTarget
{
    private const int Series = 64;

    public override string Name => "frame-body";

    public override IEnumerable<byte[]> Seeds()
    {
        var random = new Random(1);
        var encoder = new FrameEncoder(Table());
        long[] raw = new long[Series];
        int[][] groups = [[0], [1], [0, 1]];
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < Series; j++)
            {
                raw[j] += random.Next(3) * random.NextInt64(-1_000_000, 1_000_000);
            }

            var output = new ArrayBufferWriter<byte>();
            // Every seed must decode on a fresh table, so each is full.
            encoder.Encode(raw, groups[i % groups.Length], full: true, output);
            yield return output.WrittenSpan.ToArray();
        }
    }

    public override bool Run(byte[] input)
    {
        var decoder = new FrameDecoder(Table());
        try
        {
            long sum = 0;
            foreach ((int series, long value) in decoder.Decode(input))
            {
                if ((uint)series >= Series)
                {
                    throw new InvalidOperationException($"series {series} was never announced");
                }

                sum = unchecked(sum + value);
            }

            return true;
        }
        catch (FrameFormatException)
        {
            return false;
        }
    }

    private static FrameTable Table()
    {
        var table = new FrameTable(maxSeries: Series, maxGroups: 8);
        table.DefineGroup(0);
        table.DefineGroup(1);
        for (int i = 0; i < Series; i++)
        {
            table.Define(i, i % 2, isFloat: i % 5 == 0);
        }

        table.End(7);
        return table;
    }
}
