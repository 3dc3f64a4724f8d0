using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>Answers queries in the language of Prometheus (https://prometheus.io/docs/prometheus/latest/querying/basics/).</summary>
internal sealed class PromQLEngine(ISeriesSource source, PromQLOptions options, TimeProvider time)
{
    /// <summary>The bounds and defaults.</summary>
    public PromQLOptions Options => options;

    /// <summary>The value of an expression at one instant.</summary>
    /// <exception cref="QuerySyntaxException">The query is none.</exception>
    /// <exception cref="QueryExecutionException">The data do not fit the query.</exception>
    /// <exception cref="QueryLimitException">It would take more than allowed.</exception>
    /// <exception cref="QueryTimeoutException">It took longer than allowed.</exception>
    /// <exception cref="OperationCanceledException">The asker has gone.</exception>
    public QueryResult Instant(string query, long unixMs, CancellationToken cancellation)
    {
        Expression expression = Parser.Parse(query);
        var grid = new StepGrid(unixMs, 1, 1);
        EvaluationContext context = Context(grid, unixMs, 0, cancellation);
        var evaluator = new Evaluator(context, grid);
        switch (expression.Type)
        {
            case ExpressionType.String:
                return new StringResult(unixMs, Evaluator.Text(expression));
            case ExpressionType.Scalar:
                return new ScalarResult(unixMs, evaluator.Scalar(expression)[0]);
            case ExpressionType.RangeVector:
                return new MatrixResult(Samples(evaluator.Range(expression)));
            default:
                SeriesOperator series = evaluator.Vector(expression);
                return new VectorResult(unixMs, [.. Drain(series, grid, context.Budget).Select(static s => new ResultSample(s.Labels, s.Points[0].Value))]);
        }
    }

    /// <summary>The values of an expression at every step from start to end, both included; the series in order of their labels.</summary>
    /// <exception cref="QuerySyntaxException">The query is none, or gives neither scalars nor instant vectors.</exception>
    /// <exception cref="QueryExecutionException">The data do not fit the query.</exception>
    /// <exception cref="QueryLimitException">It would take more than allowed.</exception>
    /// <exception cref="QueryTimeoutException">It took longer than allowed.</exception>
    /// <exception cref="OperationCanceledException">The asker has gone.</exception>
    public MatrixResult Range(string query, long startUnixMs, long endUnixMs, long stepMs, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(endUnixMs, startUnixMs);
        Expression expression = Parser.Parse(query);
        if (expression.Type is not (ExpressionType.Scalar or ExpressionType.InstantVector))
        {
            throw new QuerySyntaxException(
                $"invalid expression type {GoText.Quote(expression.Type.Documented())} for range query, must be Scalar or instant Vector");
        }

        long steps = ((endUnixMs - startUnixMs) / stepMs) + 1;
        if (steps > options.MaxSteps)
        {
            throw new QueryLimitException(
                $"exceeded maximum resolution of {options.MaxSteps:#,0} points per timeseries. Try decreasing the query resolution (?step=XX)");
        }

        var grid = new StepGrid(startUnixMs, stepMs, (int)steps);
        EvaluationContext context = Context(grid, endUnixMs, stepMs, cancellation);
        var evaluator = new Evaluator(context, grid);
        SeriesOperator series = expression.Type == ExpressionType.Scalar
            ? new ScalarOperator(evaluator.Scalar(expression), Labels.Empty)
            : evaluator.Vector(expression);
        List<ResultSeries> answer = Drain(series, grid, context.Budget);
        answer.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return new MatrixResult(answer);
    }

    private EvaluationContext Context(StepGrid grid, long endUnixMs, long stepMs, CancellationToken cancellation) => new(
        source,
        new QueryBudget(options, time, cancellation),
        grid,
        (long)options.Lookback.TotalMilliseconds,
        (long)options.DefaultSubqueryStep.TotalMilliseconds)
    { EndUnixMs = endUnixMs, StepMs = stepMs };

    private static List<ResultSeries> Drain(SeriesOperator series, StepGrid grid, QueryBudget budget)
    {
        List<ResultSeries> answer = [];
        var values = new StepValues(grid.Count);
        foreach (Labels labels in series.Series)
        {
            series.Next(values);
            budget.Use(values.To - values.From);
            var points = new List<Point>(values.To - values.From);
            for (int step = values.From; step < values.To; step++)
            {
                if (StepValues.IsPresent(values[step]))
                {
                    points.Add(new Point(grid[step], values[step]));
                }
            }

            if (points.Count > 0)
            {
                answer.Add(new ResultSeries(labels, points));
            }
        }

        return answer;
    }

    private static List<ResultSeries> Samples(RangeSource range)
    {
        List<ResultSeries> answer = [];
        var window = new SlidingWindow();
        foreach (Labels labels in range.Series)
        {
            window.Open(range.Next(out _));
            long end = range.End.First;
            window.MoveTo(end - range.RangeMs, end);
            if (window.Count > 0)
            {
                var points = new List<Point>(window.Count);
                for (int i = 0; i < window.Count; i++)
                {
                    points.Add(new Point(window.Times[i], window.Values[i]));
                }

                answer.Add(new ResultSeries(labels, points));
            }
        }

        answer.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return answer;
    }
}
