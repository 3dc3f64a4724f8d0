using System.Text.Json;
using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Api.Http.Prometheus;

/// <summary>/api/v1: the HTTP API of Prometheus, for Grafana, promtool and whatever else speaks it
/// (https://prometheus.io/docs/prometheus/latest/querying/api/).</summary>
internal static class PrometheusEndpoints
{
    // What clients look at to learn which parameters and functions there are; ours stands beside it.
    private const string CompatibleVersion = "3.0.0";

    private static readonly string[] GetAndPost = ["GET", "POST"];

    /// <summary>Adds the routes.</summary>
    public static void MapPrometheusEndpoints(this RouteGroupBuilder http)
    {
        RouteGroupBuilder api = http.MapGroup("/api/v1");
        api.RequireRateLimiting(QueryConcurrency.Policy).RequireRole(Role.Viewer).WithMetadata(new ReadByPost()).ExcludeFromDescription();
        api.MapMethods("/query", GetAndPost, Query);
        api.MapMethods("/query_range", GetAndPost, QueryRange);
        api.MapMethods("/series", GetAndPost, Series);
        api.MapMethods("/labels", GetAndPost, LabelNames);
        api.MapGet("/label/{name}/values", LabelValues);
        api.MapGet("/metadata", Metadata);
        api.MapGet("/status/buildinfo", BuildInfo);
    }

    private static Task Query(HttpContext http, PromQLEngine engine, TimeProvider time) => PrometheusAnswer.WriteAsync(http, parameters =>
    {
        long at = parameters.Time("time") ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        QueryResult result = engine.Instant(parameters.Required("query"), at, http.RequestAborted);
        return json => PrometheusAnswer.Write(json, result);
    });

    private static Task QueryRange(HttpContext http, PromQLEngine engine) => PrometheusAnswer.WriteAsync(http, parameters =>
    {
        string query = parameters.Required("query");
        long start = parameters.RequiredTime("start");
        long end = parameters.RequiredTime("end");
        long step = parameters.Step("step");
        if (end < start)
        {
            throw PrometheusParameters.Bad("end", "end timestamp must not be before start time");
        }

        if ((end - start) / step >= engine.Options.MaxSteps)
        {
            throw new BadHttpRequestException(
                $"exceeded maximum resolution of {engine.Options.MaxSteps:#,0} points per timeseries. Try decreasing the query resolution (?step=XX)");
        }

        MatrixResult result = engine.Range(query, start, end, step, http.RequestAborted);
        return json => PrometheusAnswer.Write(json, result);
    });

    private static Task Series(HttpContext http, ISeriesReader store, PromQLEngine engine) => PrometheusAnswer.WriteAsync(http, parameters =>
    {
        if (parameters.All("match[]").Count == 0)
        {
            throw new BadHttpRequestException("no match[] parameter provided");
        }

        List<Labels> found = [.. Find(parameters, store, engine).Select(static series => series.Labels).Distinct().Order().Take(parameters.Limit())];
        return json =>
        {
            json.WriteStartArray();
            found.ForEach(labels => PrometheusAnswer.Write(json, labels));
            json.WriteEndArray();
        };
    });

    private static Task LabelNames(HttpContext http, ISeriesReader store, PromQLEngine engine) => PrometheusAnswer.WriteAsync(http, parameters =>
        Strings(Find(parameters, store, engine).SelectMany(static series => series.Labels.Pairs).Select(static pair => pair.Name), parameters));

    private static Task LabelValues(string name, HttpContext http, ISeriesReader store, PromQLEngine engine) => PrometheusAnswer.WriteAsync(http, parameters =>
        Strings(Find(parameters, store, engine).Select(series => series.Labels[name]).Where(static value => value.Length > 0), parameters));

    private static Task Metadata(HttpContext http, ISeriesReader store) => PrometheusAnswer.WriteAsync(http, parameters =>
    {
        string? only = parameters.Optional("metric");
        List<MetricMetadata> metrics = [.. store.AllMetadata().Where(metric => only is null || metric.Name == only).Take(parameters.Limit())];
        return json =>
        {
            json.WriteStartObject();
            foreach (MetricMetadata metric in metrics)
            {
                json.WriteStartArray(metric.Name);
                json.WriteStartObject();
                json.WriteString("type", metric.Type == V1.MetricType.Unspecified ? "unknown" : metric.Type.ToString().ToLowerInvariant());
                json.WriteString("help", metric.Help);
                json.WriteString("unit", "");
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        };
    });

    private static Task BuildInfo(HttpContext http, HttpApiOptions options) => PrometheusAnswer.WriteAsync(http, _ => json =>
    {
        json.WriteStartObject();
        json.WriteString("version", CompatibleVersion);
        json.WriteString("application", "HostAgent");
        json.WriteString("applicationVersion", options.Version);
        foreach (string name in (string[])["revision", "branch", "buildUser", "buildDate", "goVersion"])
        {
            json.WriteString(name, "");
        }

        json.WriteEndObject();
    });

    private static Action<Utf8JsonWriter> Strings(IEnumerable<string> texts, PrometheusParameters parameters)
    {
        List<string> sorted = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(parameters.Limit())];
        return json =>
        {
            json.WriteStartArray();
            sorted.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        };
    }

    private static IEnumerable<SourceSeries> Find(PrometheusParameters parameters, ISeriesReader store, PromQLEngine engine)
    {
        long from = parameters.Time("start") ?? long.MinValue;
        long to = parameters.Time("end") ?? long.MaxValue;
        IReadOnlyList<string> matches = parameters.All("match[]");
        var source = new StoredSeriesSource(store);
        return (matches.Count > 0 ? matches : ["{__name__!=\"\"}"])
            .SelectMany(match => source.Select(Matchers(match), from, to, engine.Options.MaxSeries));
    }

    private static IReadOnlyList<LabelMatcher> Matchers(string match)
    {
        try
        {
            return Selector.Parse(match).Matchers;
        }
        catch (QuerySyntaxException e)
        {
            throw PrometheusParameters.Bad("match[]", e.Message);
        }
    }
}
