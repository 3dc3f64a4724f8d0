using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>GET /health: runs every registered <see cref="IHealthCheck"/> (a room adds its own with AddHealthChecks().AddCheck).</summary>
internal static class HealthEndpoint
{
    /// <summary>Adds the route.</summary>
    public static void MapHealthEndpoint(this RouteGroupBuilder http)
    {
        http.MapGet("/health", CheckAsync)
            .WithName("getHealth").WithSummary("Whether the aggregator is well; 503 when it is not").WithTags("self")
            .Produces<HealthResponse>().Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> CheckAsync(HealthCheckService checks, HttpApiOptions options, TimeProvider time, HttpContext context)
    {
        HealthReport report = await checks.CheckHealthAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        var response = new HealthResponse(
            Word(report.Status),
            ApiTime.Format(time.GetUtcNow().ToUnixTimeMilliseconds()),
            options.Version,
            report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(
                entry => entry.Key,
                entry => new HealthCheckResponse(
                    Word(entry.Value.Status),
                    entry.Value.Description ?? entry.Value.Exception?.Message,
                    Math.Round(entry.Value.Duration.TotalMilliseconds, 3))));
        return TypedResults.Json(
            response,
            ApiJson.Default.HealthResponse,
            statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "warning",
        _ => "unhealthy",
    };
}
