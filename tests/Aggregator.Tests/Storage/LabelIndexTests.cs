using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Tests.Storage;

public sealed class LabelIndexTests
{
    private static readonly MatchType[] Types = [MatchType.Equal, MatchType.NotEqual, MatchType.Regex, MatchType.NotRegex];

    [Fact]
    public void Any_combination_of_matchers_selects_what_a_plain_scan_selects()
    {
        (SampleStore store, List<(string Metric, LabelSet Labels)> all) = Populated();
        using (store)
        {
            var random = new Random(7);
            string[] names = ["__name__", "host", "mode", "absent"];
            string[] values = ["", "cpu", "mem", "web-1", "web-2", "idle", "user", "web-.*", "idle|user", ".*", ".+", "(web|db)-[12]", "nothing"];
            int nonEmpty = 0;
            for (int round = 0; round < 500; round++)
            {
                LabelMatcher[] matchers = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => new LabelMatcher(
                    names[random.Next(names.Length)], Types[random.Next(4)], values[random.Next(values.Length)]))];

                string[] expected = [.. all.Where(s => matchers.All(m => Matches(m, s))).Select(static s => s.Metric + s.Labels).Order(StringComparer.Ordinal)];
                string[] found = [.. store.Select(matchers, 0, long.MaxValue, 1000).Select(static s => s.Metric + s.Labels).Order(StringComparer.Ordinal)];

                Assert.Equal(expected, found);
                nonEmpty += found.Length > 0 ? 1 : 0;
            }

            Assert.InRange(nonEmpty, 50, 450);
        }
    }

    [Fact]
    public void A_bad_regular_expression_is_an_argument_error_that_names_the_label()
    {
        (SampleStore store, _) = Populated();
        using (store)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => store.Select([new("host", MatchType.Regex, "(")], 0, 1, 1));
            Assert.Contains("label host", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Selections_come_in_order_and_within_the_limit()
    {
        (SampleStore store, _) = Populated();
        using (store)
        {
            IReadOnlyList<SeriesInfo> found = store.Select([], 0, long.MaxValue, 5);

            Assert.Equal(5, found.Count);
            Assert.Equal(found.OrderBy(static s => s.Metric, StringComparer.Ordinal).ThenBy(static s => s.Labels["host"], StringComparer.Ordinal), found);
        }
    }

    [Fact]
    public void Series_whose_samples_have_all_been_deleted_are_forgotten_unless_someone_sends_them()
    {
        (SampleStore store, List<(string Metric, LabelSet Labels)> all) = Populated();
        using (store)
        {
            store.Series.Acquire("h", all[0].Metric, all[0].Labels, out bool isNew);

            store.DeleteBefore(10_000, default);

            Assert.False(isNew);
            Assert.Equal(1, store.SeriesCount);
            Assert.Empty(store.Select([new("host", MatchType.Equal, "db-1")], 0, long.MaxValue, 10));
        }
    }

    private static bool Matches(LabelMatcher matcher, (string Metric, LabelSet Labels) series)
    {
        string value = matcher.Name == "__name__" ? series.Metric : series.Labels[matcher.Name];
        bool whole = System.Text.RegularExpressions.Regex.IsMatch(value, $"^(?:{matcher.Value})$");
        return matcher.Type switch
        {
            MatchType.Equal => value == matcher.Value,
            MatchType.NotEqual => value != matcher.Value,
            MatchType.Regex => whole,
            _ => !whole,
        };
    }

    private static (SampleStore Store, List<(string Metric, LabelSet Labels)> All) Populated()
    {
        var all = new List<(string Metric, LabelSet Labels)>();
        foreach (string metric in new[] { "cpu", "mem" })
        {
            foreach (string host in new[] { "web-1", "web-2", "db-1" })
            {
                foreach (string mode in new[] { "idle", "user", "" })
                {
                    all.Add((metric, LabelSet.From([new("host", host), new("mode", mode)])));
                }
            }
        }

        var backend = new MemoryBackend();
        var transaction = new StorageTransaction();
        for (int i = 0; i < all.Count; i++)
        {
            transaction.Series.Add(new SeriesRecord(new SeriesId(i + 1), "h", all[i].Metric, all[i].Labels, SeriesRecord.NoFirst, SeriesRecord.NoLast));
            transaction.Chunks.Add(new SealedChunk(new SeriesId(i + 1), 1000, 2000, [1]));
        }

        backend.Commit(transaction);
        return (new SampleStore(backend), all);
    }
}
