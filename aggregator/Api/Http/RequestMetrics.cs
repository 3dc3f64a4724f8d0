using System.Globalization;
using HostAgent.Aggregator.Metrics;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Counts and times the requests of the HTTP door, by route.</summary>
internal sealed class RequestMetrics(RequestDelegate next, MetricRegistry metrics, TimeProvider time)
{
    private static readonly double[] Bounds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

    /// <summary>The middleware; runs after routing.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ListenerFeature>() is { Listener: Listener.Grpc })
        {
            await next(context);
            return;
        }

        // The pattern, not the path: a path is whatever the asker likes, and each would be a series.
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? "/" + pattern.TrimStart('/') : "none";
        long started = time.GetTimestamp();
        context.Response.OnCompleted(() =>
        {
            string status = context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
            metrics.Counter("hostaggregator_http_requests_total", "HTTP requests answered.", ("route", route), ("status", status)).Increment();
            metrics.Histogram("hostaggregator_http_request_duration_seconds", "Time from a request's arrival to the end of its answer.", Bounds, ("route", route))
                .Observe(time.GetElapsedTime(started).TotalSeconds);
            return Task.CompletedTask;
        });
        await next(context);
    }
}
