using System.Text;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Fuzz.Targets;

/// <summary>Queries as anybody who may ask could write them: parsed, printed, parsed again, and evaluated over a handful of series.</summary>
internal sealed class PromQLText : FuzzTarget
{
    private const long End = 600_000;

    private static readonly PromQLEngine Engine = new(
        new FewSeries(), new PromQLOptions { MaxSamples = 200_000, MaxSeries = 100, Timeout = TimeSpan.FromMilliseconds(900) }, TimeProvider.System);

    public override string Name => "promql";

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "sum by (job) (rate(http_requests_total{job!=\"a\",code=~\"5..|4..\"}[5m])) / on (job) group_left () sum(x) > bool 0.5",
        "histogram_quantile(0.9, sum without (host) (rate(x_bucket[1m] offset -5m @ 10)))",
        "max_over_time(deriv(x[2m])[5m:30s] @ end()) or {\"x.y\", 'l l'=`v`} unless ignoring (a) -x ^ 2",
        "label_replace(topk(3, x), \"a\", \"$1-${b}\", \"b\", \"(.*)\") # comment\n + vector(time() % 0x1f)",
        "count_values(\"\\u00e4\\x41\\101\", quantile by (\"l l\") (0.5, x)) and absent_over_time(y[300])",
        "predict_linear(x[1h30m], 1e3) + stddev_over_time(x[5m:]) - day_of_year(x offset 1w) atan2 clamp(x, -Inf, NaN)",
    }.Select(Encoding.UTF8.GetBytes);

    public override bool Run(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        Expression expression;
        try
        {
            expression = Parser.Parse(text);
        }
        catch (QuerySyntaxException e)
        {
            return e.Position is null or >= 1 && (e.Position ?? 1) <= text.Length + 1
                ? false
                : throw new InvalidOperationException($"position {e.Position} in a text of {text.Length}", e);
        }

        string canonical = expression.ToString();
        if (canonical.Length <= Parser.MaxLength && Parser.Parse(canonical).ToString() != canonical)
        {
            throw new InvalidOperationException($"{canonical} reads back as {Parser.Parse(canonical)}");
        }

        try
        {
            Engine.Instant(text, End, CancellationToken.None);
            if (expression.Type is ExpressionType.Scalar or ExpressionType.InstantVector)
            {
                Engine.Range(text, 0, End, 60_000, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is QueryExecutionException or QueryLimitException or QueryTimeoutException)
        {
        }

        return true;
    }

    /// <summary>Answers every selector with the same four series.</summary>
    private sealed class FewSeries : ISeriesSource
    {
        public IReadOnlyList<SourceSeries> Select(IReadOnlyList<LabelMatcher> matchers, long fromUnixMs, long toUnixMs, int limit)
            => [.. Enumerable.Range(0, 4).Select(static n => new Wave(n))];

        private sealed class Wave(int n) : SourceSeries(
            Labels.From([new("__name__", n < 2 ? "x" : "y"), new("job", "j" + (n % 2)), new("le", n < 3 ? $"{n}" : "+Inf")]), 0, End)
        {
            public override void Read(long fromUnixMs, long toUnixMs, SampleBuffer into)
            {
                for (long at = Math.Max(0, (fromUnixMs + 14_999) / 15_000 * 15_000); at <= Math.Min(toUnixMs, End); at += 15_000)
                {
                    into.Add(at, at % 150_000 == 0 ? StaleMarker.Value : Math.Sin(at + n) * 100);
                }
            }
        }
    }
}
