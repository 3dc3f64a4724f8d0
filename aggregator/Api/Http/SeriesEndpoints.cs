using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/series, /v1/latest and /v1/range: what is stored.</summary>
internal static class SeriesEndpoints
{
    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapSeriesEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/series", Series)
            .WithName("listSeries").WithSummary("The series a selector means that have samples in an interval (default: the last hour)")
            .WithTags("series").ProducesProblem(StatusCodes.Status400BadRequest);

        v1.MapGet("/latest", Latest)
            .WithName("getLatest").WithSummary("The newest sample of every series a selector means, unless older than maxAge (default 5m)")
            .WithDescription("ageSeconds and hostLiveness tell the present from the past: the samples of a host that is stale or down are its last ones.")
            .WithTags("series").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        v1.MapGet("/range", Range)
            .WithName("getRange")
            .WithSummary("Samples of an interval (default: the last hour) as they were stored, or one point per step")
            .WithDescription("With a step, the point at time t stands for the samples in (t - step, t]; t is a multiple of the step; a step without "
                + "samples has no point. agg is avg (default), min, max, sum, count, last, or rate: increase per second, aware of counter resets.")
            .WithTags("series").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static Ok<SeriesResponse> Series(
        string? match, string? from, string? to, string? limit, QueryEngine engine, ISeriesReader store, TimeProvider time)
    {
        Selector selector = RequestParameters.Selector(match);
        (long fromUnixMs, long toUnixMs) = RequestParameters.Interval(from, to, "-1h", time);
        int atMost = RequestParameters.Limit("limit", limit, engine.Options.MaxSeries);
        (IReadOnlyList<SeriesInfo> found, bool truncated) = engine.Series(selector, fromUnixMs, toUnixMs, atMost);
        return TypedResults.Ok(new SeriesResponse([.. found.Select(s => SeriesDescription.From(s, store.Metadata(s.Metric)))], truncated));
    }

    private static Ok<LatestResponse> Latest(string? match, string? maxAge, QueryEngine engine, IHostDirectory hosts, TimeProvider time)
    {
        Selector selector = RequestParameters.Selector(match);
        long ageMs = RequestParameters.DurationMs("maxAge", maxAge) ?? 300_000;
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var liveness = hosts.All().ToDictionary(static host => host.Id, static host => host.Liveness);
        return TypedResults.Ok(new LatestResponse(ApiTime.Format(now), [.. engine.Latest(selector, now - ageMs, now).Select(sample => LatestValue.From(
            sample, now, liveness.TryGetValue(sample.Series.HostId, out Liveness known) ? known : null))]));
    }

    private static Ok<RangeResponse> Range(
        string? match, string? from, string? to, string? step, string? agg, QueryEngine engine, TimeProvider time, CancellationToken cancellationToken)
    {
        Selector selector = RequestParameters.Selector(match);
        (long fromUnixMs, long toUnixMs) = RequestParameters.Interval(from, to, "-1h", time);
        long? stepMs = RequestParameters.DurationMs("step", step);
        Aggregation? aggregation = RequestParameters.Aggregation(agg);
        if (aggregation is not null && stepMs is null)
        {
            throw ApiException.BadParameter("step", $"agg={agg} folds the samples of a step into one point, so a step is needed; write for example step=10s.");
        }

        var request = new RangeRequest(selector, fromUnixMs, toUnixMs, stepMs, aggregation ?? Aggregation.Avg);
        IReadOnlyList<RangeSeries> series = engine.Range(request, cancellationToken);
        return TypedResults.Ok(new RangeResponse(
            ApiTime.Format(request.FirstPointUnixMs),
            ApiTime.Format(request.LastPointUnixMs),
            stepMs is { } ms ? DurationText.Format(ms) : null,
            stepMs is null ? null : request.Aggregation.ToString().ToLowerInvariant(),
            [.. series.Select(SeriesPoints.From)]));
    }
}
