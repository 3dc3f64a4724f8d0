using System.Globalization;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Query.PromQL;

/// <summary>Runs a text of data and queries with the answers that they must have; Scripts/README.md has the form.</summary>
internal sealed class QueryScript
{
    private const double Tolerance = 1e-10; // relative

    private readonly MemorySeriesSource _data = new();
    private readonly PromQLEngine _engine;
    private readonly List<string> _failures = [];
    private readonly List<List<string>> _answers = [];

    private QueryScript() => _engine = new PromQLEngine(_data, new PromQLOptions(), TimeProvider.System);

    /// <summary>What went wrong, one text per query; and how many queries there were.</summary>
    public static (IReadOnlyList<string> Failures, int Queries) Run(string text)
    {
        var script = new QueryScript();
        int queries = 0;
        foreach ((string head, string[] body) in Blocks(text))
        {
            queries += script.RunBlock(head, body) ? 1 : 0;
        }

        return (script._failures, queries);
    }

    /// <summary>The text with the answers as they are now.</summary>
    public static string Rewrite(string text)
    {
        var script = new QueryScript();
        foreach ((string head, string[] body) in Blocks(text))
        {
            script.RunBlock(head, body);
        }

        var answers = new Queue<List<string>>(script._answers);
        var rewritten = new List<string>();
        bool skipping = false;
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            bool isQuery = line.StartsWith("at ", StringComparison.Ordinal) || line.StartsWith("range ", StringComparison.Ordinal);
            skipping = isQuery || (skipping && line.StartsWith("  ", StringComparison.Ordinal));
            if (isQuery)
            {
                rewritten.Add(line);
                rewritten.AddRange(answers.Dequeue().Select(static answer => "  " + answer));
            }
            else if (!skipping)
            {
                rewritten.Add(line);
            }
        }

        return string.Join('\n', rewritten) + "\n";
    }

    private static IEnumerable<(string Head, string[] Body)> Blocks(string text)
    {
        string[] lines = [.. text.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0 && line[0] != '#')];
        for (int at = 0; at < lines.Length;)
        {
            string head = lines[at++];
            int end = at;
            while (end < lines.Length && lines[end].StartsWith("  ", StringComparison.Ordinal))
            {
                end++;
            }

            yield return (head, lines[at..end].Select(static line => line.Trim()).ToArray());
            at = end;
        }
    }

    private bool RunBlock(string head, string[] body)
    {
        if (head == "clear")
        {
            _data.Clear();
            return false;
        }

        if (head.StartsWith("load ", StringComparison.Ordinal))
        {
            foreach (string line in body)
            {
                Load(Duration(head[5..]), line);
            }

            return false;
        }

        int colon = head.IndexOf(": ", StringComparison.Ordinal);
        string[] when = head[..colon].Split(' ');
        string query = head[(colon + 2)..];
        try
        {
            QueryResult result = when[0] == "at"
                ? _engine.Instant(query, Duration(when[1]), CancellationToken.None)
                : _engine.Range(query, Duration(when[1]), Duration(when[2]), Duration(when[3]), CancellationToken.None);
            Compare(head, Answer(result, when), body);
        }
        catch (Exception e) when (e is QuerySyntaxException or QueryExecutionException or QueryLimitException)
        {
            Compare(head, [("fails: " + e.Message).TrimEnd()], body);
        }

        return true;
    }

    private void Compare(string head, List<string> actual, string[] expected)
    {
        _answers.Add([.. actual]);
        bool ordered = head.Contains(": sort", StringComparison.Ordinal) || head.Contains(": topk", StringComparison.Ordinal)
            || head.Contains(": bottomk", StringComparison.Ordinal);
        if (expected is ["fails"] && actual is [var failure] && failure.StartsWith("fails: ", StringComparison.Ordinal))
        {
            return;
        }

        List<string> wanted = [.. expected];
        if (!ordered)
        {
            actual.Sort(StringComparer.Ordinal);
            wanted.Sort(StringComparer.Ordinal);
        }

        if (actual.Count != wanted.Count || actual.Zip(wanted).Any(static pair => !Same(pair.First, pair.Second)))
        {
            _failures.Add($"{head}\n  expected: {string.Join("\n            ", wanted)}\n  actual:   {string.Join("\n            ", actual)}");
        }
    }

    private static bool Same(string actual, string expected)
    {
        if (actual == expected)
        {
            return true;
        }

        (string[] left, string[] right) = (actual.Split(' '), expected.Split(' '));
        return left.Length == right.Length && left.Zip(right).All(static pair => pair.First == pair.Second || SameNumber(pair.First, pair.Second));
    }

    private static bool SameNumber(string actual, string expected)
        => double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out double left)
            && double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double right)
            && (left == right || Math.Abs(left - right) <= Tolerance * Math.Max(Math.Abs(left), Math.Abs(right)));

    private static List<string> Answer(QueryResult result, string[] when) => result switch
    {
        ScalarResult scalar => [GoText.Number(scalar.Value)],
        StringResult text => [GoText.Quote(text.Value)],
        VectorResult vector => [.. vector.Samples.Select(sample => $"{Written(sample.Labels)} {GoText.Number(sample.Value)}")],
        MatrixResult matrix when when[0] == "at" => [.. matrix.Series.Select(static series
            => $"{Written(series.Labels)} {string.Join(' ', series.Points.Select(static p => $"{GoText.Number(p.Value)}@{p.UnixMs / 1000m:0.###}"))}")],
        MatrixResult matrix => [.. matrix.Series.Select(series => $"{Written(series.Labels)} {string.Join(' ', Steps(series, when))}")],
        _ => throw new InvalidOperationException(),
    };

    private static IEnumerable<string> Steps(ResultSeries series, string[] when)
    {
        Dictionary<long, double> values = series.Points.ToDictionary(static p => p.UnixMs, static p => p.Value);
        for (long at = Duration(when[1]); at <= Duration(when[2]); at += Duration(when[3]))
        {
            yield return values.TryGetValue(at, out double value) ? GoText.Number(value) : "_";
        }
    }

    // name{a="1",b="2"}, without spaces
    private static string Written(Labels labels)
    {
        string name = labels[LabelMatcher.MetricName];
        IEnumerable<string> pairs = labels.WithoutName().Pairs.Select(static pair => $"{ExpressionPrinter.LabelName(pair.Name)}={GoText.Quote(pair.Value).Replace(" ", "\\x20")}");
        string inside = string.Join(',', pairs);
        return inside.Length == 0 && name.Length > 0 ? name : $"{name}{{{inside}}}";
    }

    private void Load(long stepMs, string line)
    {
        int space = line.StartsWith('{') || line.Contains('{') && line.IndexOf('{') < line.IndexOf(' ') ? line.IndexOf("} ", StringComparison.Ordinal) + 1 : line.IndexOf(' ');
        Labels labels = Labels.From(Parser.ParseSelector(line[..space]).Select(static m => new LabelPair(m.Name, m.Value)));
        long at = 0;
        foreach (string word in line[space..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (double? value in Values(word))
            {
                if (value is { } present)
                {
                    _data.Add(labels, at, present);
                }

                at += stepMs;
            }
        }
    }

    // 5, 5x3 (four fives), 0+10x3 (0 10 20 30), 9-2x1, _ (nothing), _x5, stale, NaN, Inf, -Inf
    private static IEnumerable<double?> Values(string word)
    {
        int times = word.LastIndexOf('x');
        int count = times > 0 ? int.Parse(word.AsSpan(times + 1), CultureInfo.InvariantCulture) : 0;
        string value = times > 0 ? word[..times] : word;
        if (value == "_")
        {
            return Enumerable.Repeat<double?>(null, Math.Max(1, count));
        }

        int sign = value.LastIndexOfAny(['+', '-']);
        bool progresses = times > 0 && sign > 0 && value[sign - 1] is not ('e' or 'E');
        double first = Number(progresses ? value[..sign] : value);
        double delta = progresses ? Number(value[sign..]) : 0;
        return Enumerable.Range(0, count + 1).Select(i => (double?)(delta == 0 ? first : first + (i * delta)));
    }

    private static double Number(string text) => text.TrimStart('+') switch
    {
        "stale" => StaleMarker.Value,
        "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        var number => double.Parse(number, CultureInfo.InvariantCulture),
    };

    private static long Duration(string text)
    {
        bool negative = text.StartsWith('-');
        return DurationText.TryParseMs(text.AsSpan(negative ? 1 : 0), out long ms) ? (negative ? -ms : ms) : throw new FormatException(text);
    }
}
