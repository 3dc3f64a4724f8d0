using System.Diagnostics;
using System.Runtime.CompilerServices;
using HostAgent.Aggregator.Query.PromQL;

namespace HostAgent.Aggregator.Tests.Query.PromQL.Differential;

/// <summary>The same queries over the same samples, answered by us and by the Prometheus of the distribution. README.md lists what is known to
/// differ; the queries stay clear of that.</summary>
public sealed class DifferentialTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly MemorySeriesSource _data = SharedData.Create();
    private RealPrometheus? _prometheus;
    private PromQLEngine? _engine;

    public async ValueTask InitializeAsync()
    {
        _prometheus = await RealPrometheus.StartAsync(SharedData.OpenMetrics(_data));
        _engine = new PromQLEngine(_data, new PromQLOptions(), TimeProvider.System);
    }

    public async ValueTask DisposeAsync() => await _prometheus!.DisposeAsync();

    [Fact]
    public async Task Queries_written_by_hand_have_the_same_answers()
    {
        string[] queries = [.. File.ReadAllLines(Path.Combine(Folder(), "queries.txt")).Where(static line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))];
        Assert.InRange(queries.Length, 150, 1000);
        Assert.Equal(queries.Length, await CompareAsync(queries));
    }

    [Fact]
    public async Task Queries_made_by_chance_have_the_same_answers()
    {
        const int seed = 20260106;
        var generator = new QueryGenerator(new Random(seed));
        Assert.InRange(await CompareAsync(Enumerable.Range(0, 400).Select(_ => generator.Vector())), 200, 400);
    }

    // Returns how many were compared before the time was up.
    private async Task<int> CompareAsync(IEnumerable<string> queries)
    {
        var random = new Random(20260107);
        List<string> differences = [];
        int compared = 0;
        foreach (string query in queries)
        {
            if (_watch.Elapsed > Limit)
            {
                break;
            }

            compared++;
            string ours = query.Replace("holt_winters", "double_exponential_smoothing"); // renamed in 3.0
            long at = SharedData.QueryTime(0.3 + (0.6 * random.NextDouble()));
            long start = SharedData.QueryTime(0.2 * random.NextDouble()), end = at, step = random.Next(1, 40) * 15_000;
            string? difference = AnswerText.Difference(
                AnswerText.Of(await _prometheus!.InstantAsync(query, at)), AnswerText.Of(() => _engine!.Instant(ours, at, CancellationToken.None)));
            if (difference is not null)
            {
                differences.Add($"at {at / 1000.0}: {query}\n    {difference}");
                continue;
            }

            difference = AnswerText.Difference(
                AnswerText.Of(await _prometheus.RangeAsync(query, start, end, step)),
                AnswerText.Of(() => _engine!.Range(ours, start, end, step, CancellationToken.None)));
            if (difference is not null)
            {
                differences.Add($"from {start / 1000.0} to {end / 1000.0} every {step / 1000.0}: {query}\n    {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {compared}:\n{string.Join('\n', differences.Take(40))}");
        return compared;
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
