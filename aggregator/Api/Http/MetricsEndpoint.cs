using HostAgent.Aggregator.Metrics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>GET /metrics: the aggregator about itself, to be scraped.</summary>
internal static class MetricsEndpoint
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Adds the route.</summary>
    public static void MapMetricsEndpoint(this RouteGroupBuilder http)
        => http.MapGet("/metrics", ContentHttpResult (MetricRegistry metrics) => TypedResults.Content(metrics.ToText(), ContentType))
            .WithName("getMetrics").WithSummary("The aggregator's own metrics in the Prometheus text format").WithTags("self")
            .Produces<string>(contentType: "text/plain");
}
