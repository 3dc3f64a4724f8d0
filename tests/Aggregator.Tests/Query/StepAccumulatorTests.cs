using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Tests.Query;

public sealed class StepAccumulatorTests
{
    [Fact]
    public void A_step_without_samples_has_no_point()
        => Assert.Equal([new Point(10, 1), new Point(30, 3)], Fold(Aggregation.Last, 10, 10, (5, 1), (21, 2), (30, 3)));

    [Fact]
    public void The_end_of_a_step_belongs_to_it_and_its_begin_to_the_one_before()
        => Assert.Equal([new Point(10, 2), new Point(20, 1)], Fold(Aggregation.Count, 10, 10, (0, 1), (1, 1), (10, 1), (11, 1)));

    [Theory]
    [InlineData("Min", 1)]
    [InlineData("Max", 3)]
    [InlineData("Avg", double.NaN)]
    [InlineData("Sum", double.NaN)]
    [InlineData("Last", 3)]
    public void A_NaN_spoils_only_what_it_must(string aggregation, double expected)
        => Assert.Equal([new Point(10, expected)], Fold(Enum.Parse<Aggregation>(aggregation), 10, 10, (1, double.NaN), (2, 1), (3, 3)));

    [Fact]
    public void Only_NaN_is_NaN() => Assert.True(double.IsNaN(Assert.Single(Fold(Aggregation.Max, 10, 10, (1, double.NaN))).Value));

    [Fact]
    public void A_large_number_does_not_drown_the_small_ones()
        => Assert.Equal(2, Assert.Single(Fold(Aggregation.Sum, 10, 10, (1, 1), (2, 1e100), (3, 1), (4, -1e100))).Value);

    [Fact]
    public void Infinities_add_up_as_they_do()
        => Assert.Equal(double.PositiveInfinity, Assert.Single(Fold(Aggregation.Avg, 10, 10, (1, 1), (2, double.PositiveInfinity), (3, 1))).Value);

    [Fact]
    public void A_rate_takes_the_sample_before_the_step_into_account_and_only_that()
        => Assert.Equal([new Point(2000, 10), new Point(3000, 20)], Fold(Aggregation.Rate, 2000, 1000, (0, 999_999), (1000, 100), (2000, 110), (3000, 130)));

    [Fact]
    public void A_rate_needs_two_samples() => Assert.Empty(Fold(Aggregation.Rate, 1000, 1000, (1000, 5)));

    [Fact]
    public void A_counter_that_begins_again_has_counted_from_zero()
        => Assert.Equal([new Point(4000, (10 + 3 + 4) / 3.0)], Fold(Aggregation.Rate, 4000, 4000, (1000, 100), (2000, 110), (3000, 3), (4000, 7)));

    [Fact]
    public void Samples_that_are_too_far_apart_say_nothing_about_the_rate_between()
        => Assert.Equal([new Point(400_000, 2)], Fold(Aggregation.Rate, 400_000, 10_000, (0, 0), (399_000, 1_000_000), (400_000, 1_000_002)));

    [Fact]
    public void A_rate_over_steps_adds_up_to_the_increase_whatever_the_step()
    {
        var random = new Random(20260103);
        for (int round = 0; round < 300; round++)
        {
            var samples = new List<(long, double)>();
            double value = 0;
            double increase = 0;
            for (long at = 0; at <= 60_000; at += random.Next(1, 30) * 100)
            {
                double next = random.Next(10) == 0 ? random.Next(50) : value + random.Next(100);
                increase += samples.Count == 0 ? 0 : next < value ? next : next - value;
                samples.Add((at, value = next));
            }

            // Each step's rate times the time it covers: with one covering step it is the whole increase.
            Point whole = Assert.Single(Fold(Aggregation.Rate, 120_000, 120_001, [.. samples]));
            Assert.Equal(increase, whole.Value * (samples[^1].Item1 - samples[0].Item1) / 1000, 6);
        }
    }

    [Fact]
    public void Folding_is_what_a_plain_grouping_gives()
    {
        var random = new Random(20260104);
        for (int round = 0; round < 300; round++)
        {
            long step = random.Next(1, 5000);
            long first = random.Next(0, 10_000) / step * step;
            var samples = new List<(long UnixMs, double Value)>();
            for (long at = first + random.Next(0, 100); samples.Count < 50; at += random.Next(1, 3000))
            {
                samples.Add((at, random.Next(1000)));
            }

            Point[] expected = [.. samples.GroupBy(sample => first + ((sample.UnixMs - first + step - 1) / step * step))
                .Select(group => new Point(group.Key, group.Sum(sample => sample.Value)))];
            Assert.Equal(expected, Fold(Aggregation.Sum, first, step, [.. samples]));
        }
    }

    private static List<Point> Fold(Aggregation aggregation, long first, long step, params (long UnixMs, double Value)[] samples)
    {
        var points = new List<Point>();
        var accumulator = new StepAccumulator(aggregation, first, step, Math.Max(step, 300_000), points);
        foreach ((long unixMs, double value) in samples)
        {
            accumulator.Add(unixMs, value);
        }

        accumulator.Finish();
        return points;
    }
}
