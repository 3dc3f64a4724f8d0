using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Tests.Hosts;

public sealed class IntervalSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_plain_set_of_numbers(int seed)
    {
        var random = new Random(seed);
        var set = new IntervalSet();
        var plain = new HashSet<ulong>();
        for (int round = 0; round < 3000; round++)
        {
            ulong first = (ulong)random.Next(1, 300);
            if (random.Next(3) == 0)
            {
                ulong last = first + (ulong)random.Next(0, 8);
                set.AddRange(first, last);
                for (ulong i = first; i <= last; i++)
                {
                    plain.Add(i);
                }
            }
            else
            {
                Assert.Equal(plain.Add(first), set.Add(first));
            }

            if (round % 100 == 0)
            {
                plain.RemoveWhere(i => i > 300 || random.Next(2) == 0);
                set = new IntervalSet();
                plain.ToList().ForEach(i => set.Add(i));
            }

            Assert.Equal(plain.DefaultIfEmpty().Max(), set.Max);
            for (ulong i = 1; i <= 310; i += 7)
            {
                Assert.Equal(plain.Contains(i), set.Contains(i));
            }

            Assert.Equal(
                Enumerable.Range(20, 200).Select(static i => (ulong)i).Where(i => !plain.Contains(i)),
                set.Missing(20, 219).SelectMany(static g => Enumerable.Range((int)g.First, (int)(g.Last - g.First + 1)).Select(static i => (ulong)i)));
            Assert.All(set.Intervals.Zip(set.Intervals.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
        }
    }

    [Fact]
    public void The_highest_number_of_all_is_no_trap()
    {
        var set = new IntervalSet();
        set.AddRange(5, ulong.MaxValue);

        Assert.True(set.Contains(ulong.MaxValue));
        Assert.Equal([(1UL, 4UL)], set.Missing(1, ulong.MaxValue));
        Assert.False(set.Add(ulong.MaxValue));
    }
}
