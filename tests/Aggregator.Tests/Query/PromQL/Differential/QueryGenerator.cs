namespace HostAgent.Aggregator.Tests.Query.PromQL.Differential;

/// <summary>Makes queries over <see cref="SharedData"/> that Prometheus 2.42 understands too.</summary>
internal sealed class QueryGenerator(Random random)
{
    private static readonly string[] Gauges =
    [
        "mem_free", "mem_total", "temp", "odd", "level", "host_info", "mem_free{host=~\"web.*\"}", "temp{host!=\"db1\"}", "level{k=\"a\"}",
        "{__name__=~\"mem_.*\",host=\"web1\"}", "odd{k=\"1\"}", "mem_free{role=\"\"}", "nothing",
    ];

    private static readonly string[] Counters =
        ["cpu_seconds_total", "cpu_seconds_total{mode=\"user\"}", "cpu_seconds_total{host=\"web1\",mode!~\"i.*\"}", "latency_seconds_bucket{le=\"+Inf\"}"];

    private static readonly string[] CounterFunctions = ["rate", "increase", "irate", "resets", "delta"];

    private static readonly string[] WindowFunctions =
    [
        "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "stddev_over_time", "stdvar_over_time", "last_over_time",
        "present_over_time", "changes", "resets", "delta", "idelta", "deriv", "absent_over_time",
    ];

    private static readonly string[] MapFunctions =
    [
        "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "round", "sgn", "sin", "cos", "tan", "atan", "sinh", "tanh", "deg", "rad",
        "absent", "timestamp", "sort", "sort_desc",
    ];

    private static readonly string[] Aggregations = ["sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"];
    private static readonly string[] Groupings = ["", " by (host)", " by (mode, host)", " without (host)", " by (nolabel)", " without (mode, k, zone)", " by ()"];
    private static readonly string[] Ranges = ["1m", "5m", "90s", "20m", "1h"];
    private static readonly string[] Shifts = ["", "", "", "", "", " offset 5m", " offset -1m", " @ 1700003613", " @ end()", " @ start() offset 30s"];
    private static readonly string[] Numbers = ["0", "1", "2", "-1.5", "0.3", "100", "1e3", "Inf", "NaN"];

    /// <summary>An instant vector.</summary>
    public string Vector(int depth = 3)
    {
        if (depth == 0)
        {
            return Pick(random.Next(3) > 0 ? Gauges : Counters) + Pick(Shifts);
        }

        return random.Next(14) switch
        {
            0 => Pick(Gauges) + Pick(Shifts),
            1 or 2 => $"{Pick(CounterFunctions)}({Pick(Counters)}[{Pick(Ranges)}]{Pick(Shifts)})",
            3 => $"{Pick(WindowFunctions)}({Pick(Gauges[..6])}[{Pick(Ranges)}]{Pick(Shifts)})",
            4 => $"{Pick(WindowFunctions)}(({Vector(depth - 1)})[{Pick(Ranges)}:{Pick(["30s", "1m", ""])}]{Pick(Shifts)})",
            5 => $"{Pick(MapFunctions)}({Vector(depth - 1)})",
            6 or 7 => $"{Pick(Aggregations)}{Pick(Groupings)} ({Vector(depth - 1)})",
            8 => $"{Pick(["topk", "bottomk"])}{Pick(Groupings)} ({Pick(["1", "2", "5"])}, {Pick(["mem_free", "temp", "cpu_seconds_total"])})",
            9 => $"quantile{Pick(Groupings)} ({Pick(["0", "0.5", "0.9", "1", "2", "-1"])}, {Vector(depth - 1)})",
            10 => $"({Vector(depth - 1)}) {Pick(["+", "-", "*", "/", "%", "^", "atan2", ">", "<", "==", "!=", ">= bool", "<= bool"])} {Scalar(depth - 1)}",
            11 => $"{Scalar(depth - 1)} {Pick(["+", "-", "*", "/", "<", "> bool", "!="])} ({Vector(depth - 1)})",
            12 => $"({Vector(depth - 1)}) {Pick(["+", "-", "/", ">", "== bool"])} {Pick(["", "on (host)", "ignoring (mode, zone, role)", "on (host) group_left ()", "on (host) group_left (os)"])} "
                + $"({Vector(depth - 1)})",
            _ => $"({Vector(depth - 1)}) {Pick(["and", "or", "unless"])} {Pick(["", "on (host)", "ignoring (mode, role, zone)", "on ()"])} ({Vector(depth - 1)})",
        };
    }

    private string Scalar(int depth) => random.Next(6) switch
    {
        0 => "time()",
        1 when depth > 0 => $"scalar({Vector(depth - 1)})",
        2 => $"({Pick(Numbers)} {Pick(["+", "*", "/", "<= bool"])} {Pick(Numbers)})",
        3 => "pi()",
        _ => Pick(Numbers),
    };

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
