using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using HostAgent.Protos.Frames;

namespace HostAgent.Protos.Tests.Frames;

public sealed class FrameRoundTripTests
{
    private const int GroupCount = 5;

    [Fact]
    public void What_is_encoded_is_decoded_through_any_history_of_series_groups_and_values() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Replay(new Random(seed))));

    [Fact]
    public void Values_in_selection_order_give_the_same_bytes_as_values_by_id()
    {
        var random = new Random(7);
        var (byId, selected) = (new FrameEncoder(new FrameTable()), new FrameEncoder(new FrameTable()));
        foreach (var table in new[] { byId.Table, selected.Table })
        {
            table.DefineGroup(0);
            table.DefineGroup(1);
            for (var i = 0; i < 40; i++)
            {
                table.Define(i, i % 2, i % 3 == 0);
            }

            table.End(11);
        }

        for (var tick = 0; tick < 20; tick++)
        {
            var raw = Enumerable.Range(0, 40).Select(_ => random.NextInt64()).ToArray();
            int[] groups = tick % 3 == 0 ? [0, 1] : [1];
            var values = selected.Table.Select(groups).ToArray().Select(id => raw[id]).ToArray();
            var (left, right) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
            byId.Encode(raw, groups, tick == 9, left);
            selected.EncodeSelected(values, groups, tick == 9, right);
            Assert.Equal(left.WrittenSpan.ToArray(), right.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public void A_steady_frame_allocates_nothing_on_either_side()
    {
        var encoder = new FrameEncoder(new FrameTable());
        var decoder = new FrameDecoder(new FrameTable());
        Define(encoder.Table, decoder.Table, 300, new Random(1));
        var raw = new long[300];
        var output = new ArrayBufferWriter<byte>(1 << 14);
        int[][] groups = [[0, 1, 2, 3, 4], [0, 2]];
        long sum = 0;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var tick = 0; tick < 1_000; tick++)
            {
                raw[tick % 300] += tick;
                output.ResetWrittenCount();
                encoder.Encode(raw, groups[tick % 2], tick % 100 == 0, output);
                foreach (var (_, value) in decoder.Decode(output.WrittenSpan))
                {
                    sum += value;
                }
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(round == 0 || allocated == 0, $"{allocated} bytes in 1,000 frames (round {round})");
        }

        Assert.NotEqual(0, sum);
    }

    private static bool Replay(Random random)
    {
        var encoder = new FrameEncoder(new FrameTable());
        var decoder = new FrameDecoder(new FrameTable());
        var output = new ArrayBufferWriter<byte>();
        var raw = new long[200];
        Define(encoder.Table, decoder.Table, random.Next(1, 60), random);
        for (var tick = 0; tick < 40; tick++)
        {
            Change(encoder.Table, decoder.Table, random);
            foreach (ref var value in raw.AsSpan())
            {
                value = random.Next(4) switch
                {
                    0 => value,
                    1 => value + random.Next(-100, 100),
                    2 => random.NextInt64(long.MinValue, long.MaxValue),
                    _ => BitConverter.DoubleToInt64Bits(random.NextDouble()),
                };
            }

            var groups = Enumerable.Range(0, GroupCount).Where(_ => random.Next(2) == 0).DefaultIfEmpty(3).ToArray();
            var expected = Enumerable.Range(0, encoder.Table.Count).Where(id => groups.Contains(encoder.Table.GroupOf(id))).ToArray();
            output.ResetWrittenCount();
            encoder.Encode(raw, groups, random.Next(10) == 0, output);
            var frame = decoder.Decode(output.WrittenSpan);

            Assert.Equal(groups, frame.Groups.ToArray());
            Assert.Equal(expected, frame.Series.ToArray());
            foreach (var (series, value) in frame)
            {
                Assert.Equal(raw[series], value);
            }
        }

        return true;
    }

    private static void Define(FrameTable encoder, FrameTable decoder, int count, Random random)
    {
        for (var group = 0; group < GroupCount; group++)
        {
            encoder.DefineGroup(group);
            decoder.DefineGroup(group);
        }

        for (var i = 0; i < count; i++)
        {
            var (group, isFloat) = (random.Next(GroupCount), random.Next(3) == 0);
            encoder.Define(encoder.Count, group, isFloat);
            decoder.Define(decoder.Count, group, isFloat);
        }
    }

    private static void Change(FrameTable encoder, FrameTable decoder, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                encoder.Reset();
                decoder.Reset();
                Define(encoder, decoder, random.Next(60), random);
                break;
            case < 5 when encoder.Count < 190:
                Define(encoder, decoder, random.Next(8), random);
                break;
            case < 10 when encoder.Count > 0:
                var series = random.Next(encoder.Count);
                if (encoder.IsLive(series))
                {
                    encoder.End(series);
                    decoder.End(series);
                }

                break;
        }
    }
}
