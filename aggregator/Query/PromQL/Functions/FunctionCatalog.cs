using System.Collections.Frozen;
using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using static HostAgent.Aggregator.Query.PromQL.Functions.FunctionKinds;
using static HostAgent.Aggregator.Query.PromQL.Syntax.ExpressionType;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>The functions of the language: a new one is one entry here. Meaning and names are those of Prometheus 3
/// (https://prometheus.io/docs/prometheus/latest/querying/functions/); those that Prometheus calls experimental are enabled.</summary>
internal static class FunctionCatalog
{
    /// <summary>Stands for a function that does not exist while the rest of a query is read.</summary>
    public static readonly Function Unknown = new("", InstantVector, [InstantVector], 0, int.MaxValue);

    private static readonly Function[] Table =
    [
        Map("abs", Math.Abs),
        Map("acos", Math.Acos),
        Map("acosh", Math.Acosh),
        Map("asin", Math.Asin),
        Map("asinh", Math.Asinh),
        Map("atan", Math.Atan),
        Map("atanh", Math.Atanh),
        Map("ceil", Math.Ceiling),
        Map("clamp", 2, 2, static (v, s) => s[0] > s[1] ? StepValues.Absent : Math.Max(s[0], Math.Min(s[1], v))),
        Map("clamp_max", 1, 1, static (v, s) => Math.Min(s[0], v)),
        Map("clamp_min", 1, 1, static (v, s) => Math.Max(s[0], v)),
        Map("cos", Math.Cos),
        Map("cosh", Math.Cosh),
        Map("deg", static v => v * 180 / Math.PI),
        Map("exp", Math.Exp),
        Map("floor", Math.Floor),
        Map("histogram_avg", static _ => StepValues.Absent), // this and its kin read native histograms, which no store of ours holds
        Map("histogram_count", static _ => StepValues.Absent),
        Map("histogram_stddev", static _ => StepValues.Absent),
        Map("histogram_stdvar", static _ => StepValues.Absent),
        Map("histogram_sum", static _ => StepValues.Absent),
        Map("ln", Math.Log),
        Map("log10", Math.Log10),
        Map("log2", Math.Log2),
        Map("rad", static v => v * Math.PI / 180),
        Map("round", 0, 1, static (v, s) => Rounding.ToNearest(v, s.Length > 0 ? s[0] : 1)),
        Map("sgn", static v => v < 0 ? -1 : v > 0 ? 1 : v),
        Map("sin", Math.Sin),
        Map("sinh", Math.Sinh),
        Map("sqrt", Math.Sqrt),
        Map("tan", Math.Tan),
        Map("tanh", Math.Tanh),

        Date("day_of_month", static d => d.Day),
        Date("day_of_week", static d => d.DayOfWeek),
        Date("day_of_year", static d => d.DayOfYear),
        Date("days_in_month", static d => d.DaysInMonth),
        Date("hour", static d => d.Hour),
        Date("minute", static d => d.Minute),
        Date("month", static d => d.Month),
        Date("year", static d => d.Year),

        Window("changes", OverTime.Changes),
        Window("delta", static (in w, _) => Rates.Extrapolated(w, isCounter: false, perSecond: false)),
        Window("deriv", Trends.Slope),
        Window("double_exponential_smoothing", [RangeVector, ExpressionType.Scalar, ExpressionType.Scalar], Trends.Smoothed),
        Window("idelta", static (in w, _) => Rates.Instant(w, isCounter: false)),
        Window("increase", static (in w, _) => Rates.Extrapolated(w, isCounter: true, perSecond: false)),
        Window("irate", static (in w, _) => Rates.Instant(w, isCounter: true)),
        Window("predict_linear", [RangeVector, ExpressionType.Scalar], Trends.Predicted, usesTime: true),
        Window("rate", static (in w, _) => Rates.Extrapolated(w, isCounter: true, perSecond: true)),
        Window("resets", static (in w, _) => w.Falls),

        Window("avg_over_time", OverTime.Avg),
        Window("count_over_time", static (in w, _) => w.Count),
        Window("first_over_time", static (in w, _) => w.Values[0], keepsName: true),
        Window("last_over_time", static (in w, _) => w.Values[^1], keepsName: true),
        Window("mad_over_time", OverTime.MedianDeviation),
        Window("max_over_time", static (in w, _) => w.Values[OverTime.IndexOfMax(w.Values)]),
        Window("min_over_time", static (in w, _) => w.Values[OverTime.IndexOfMin(w.Values)]),
        Window("present_over_time", static (in _, _) => 1),
        Window("quantile_over_time", [ExpressionType.Scalar, RangeVector], static (in w, s) => Quantiles.Of(s[0], w.CopyValues())),
        Window("stddev_over_time", static (in w, _) => Math.Sqrt(OverTime.Variance(w.Values))),
        Window("stdvar_over_time", static (in w, _) => OverTime.Variance(w.Values)),
        Window("sum_over_time", OverTime.Sum),
        Window("ts_of_first_over_time", static (in w, _) => w.Times[0] / 1000.0),
        Window("ts_of_last_over_time", static (in w, _) => w.Times[^1] / 1000.0),
        Window("ts_of_max_over_time", static (in w, _) => w.Times[OverTime.IndexOfLastMax(w.Values)] / 1000.0),
        Window("ts_of_min_over_time", static (in w, _) => w.Times[OverTime.IndexOfLastMin(w.Values)] / 1000.0),

        Vector("absent", [InstantVector], Absence.Absent),
        Vector("absent_over_time", [RangeVector], Absence.AbsentOverTime),
        Vector("histogram_fraction", [ExpressionType.Scalar, ExpressionType.Scalar, InstantVector], HistogramFunctions.Fraction),
        Vector("histogram_quantile", [ExpressionType.Scalar, InstantVector], HistogramFunctions.Quantile),
        Vector("histogram_quantiles", [InstantVector, ExpressionType.String, ExpressionType.Scalar], 3, 12, HistogramFunctions.Quantiles),
        Vector("label_join", [InstantVector, ExpressionType.String], 3, int.MaxValue, LabelFunctions.Join),
        Vector("label_replace", [InstantVector, ExpressionType.String], 5, 5, LabelFunctions.Replace),
        Vector("sort", [InstantVector], static (e, call) => Sorting.ByValue(e, call, descending: false)),
        Vector("sort_by_label", [InstantVector, ExpressionType.String], 1, int.MaxValue, static (e, call) => Sorting.ByLabel(e, call, descending: false)),
        Vector("sort_by_label_desc", [InstantVector, ExpressionType.String], 1, int.MaxValue, static (e, call) => Sorting.ByLabel(e, call, descending: true)),
        Vector("sort_desc", [InstantVector], static (e, call) => Sorting.ByValue(e, call, descending: true)),
        Vector("timestamp", [InstantVector], Conversions.Timestamp),
        Vector("vector", [ExpressionType.Scalar], static (e, call) => new ScalarOperator(e.Scalar(call.Arguments[0]), Labels.Empty)),

        FunctionKinds.Scalar("end", [], static (e, _) => new StepScalars(e.Context.EndUnixMs / 1000.0)),
        FunctionKinds.Scalar("max_of", [ExpressionType.Scalar, ExpressionType.Scalar], static (e, call) => Conversions.Combine(e, call, Math.Max)),
        FunctionKinds.Scalar("min_of", [ExpressionType.Scalar, ExpressionType.Scalar], static (e, call) => Conversions.Combine(e, call, Math.Min)),
        FunctionKinds.Scalar("pi", [], static (_, _) => new StepScalars(Math.PI)),
        FunctionKinds.Scalar("range", [], static (e, _) => new StepScalars((e.Context.EndUnixMs - e.Context.StartUnixMs) / 1000.0)),
        FunctionKinds.Scalar("scalar", [InstantVector], Conversions.Scalar),
        FunctionKinds.Scalar("start", [], static (e, _) => new StepScalars(e.Context.StartUnixMs / 1000.0)),
        FunctionKinds.Scalar("step", [], static (e, _) => new StepScalars(e.Context.StepMs / 1000.0)),
        FunctionKinds.Scalar("time", [], static (e, _) => Times(e)),
    ];

    private static readonly FrozenDictionary<string, Function> ByName = Table.ToFrozenDictionary(static f => f.Name, StringComparer.Ordinal);

    /// <summary>All functions, in the order of the table.</summary>
    public static IReadOnlyList<Function> All => Table;

    /// <summary>The function of that name, or null.</summary>
    public static Function? Find(string name) => ByName.GetValueOrDefault(name);
}
