using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Api.Http.Prometheus;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Storage;
using Microsoft.AspNetCore.Http.Timeouts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>The HTTP API: its services, its middleware and its routes.</summary>
internal static class HttpApi
{
    /// <summary>Services. The store (ISeriesReader) and the hosts (IHostDirectory) are registered by their rooms.</summary>
    public static void AddHttpApi(this IServiceCollection services, HttpApiOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new QueryOptions());
        services.AddSingleton<QueryEngine>();
        services.AddSingleton(provider => new PromQLEngine(
            new StoredSeriesSource(provider.GetRequiredService<ISeriesReader>()), new PromQLOptions { Timeout = PromQLTimeout(options) }, provider.GetRequiredService<TimeProvider>()));
        services.AddRoutingCore();
        services.AddHealthChecks();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddRequestTimeouts(timeouts => timeouts.AddPolicy(
            nameof(HttpApi),
            new RequestTimeoutPolicy { Timeout = options.Timeout, TimeoutStatusCode = StatusCodes.Status504GatewayTimeout }));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.Converters.Add(new PointConverter());
        });
        services.AddRateLimiter(limiter => QueryConcurrency.Configure(limiter, options.MaxConcurrentQueries));
        services.AddOpenApi("v1", OpenApiDescription.Configure);
    }

    /// <summary>Middleware, in front of gRPC too: the guard keeps the two doors apart.</summary>
    public static void UseHttpApi(this WebApplication app)
    {
        app.UseWhen(OnHttpDoor, http =>
        {
            http.UseExceptionHandler();
            http.UseStatusCodePages();
        });
        app.UseRouting();
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<ListenerGuard>();
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<AuthenticationMiddleware>();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
    }

    /// <summary>Routes: /v1 is ours, /api/v1 that of Prometheus.</summary>
    public static void MapHttpApi(this WebApplication app)
    {
        RouteGroupBuilder http = app.MapGroup("");
        http.WithMetadata(new ListenerFeature(Listener.Http)).WithRequestTimeout(nameof(HttpApi));
        http.MapLandingPage();
        http.MapHealthEndpoint();
        http.MapMetricsEndpoint();
        http.MapOpenApi("/openapi/{documentName}.json");

        RouteGroupBuilder v1 = http.MapGroup("/v1");
        v1.RequireRateLimiting(QueryConcurrency.Policy);
        v1.MapHostEndpoints();
        v1.MapSeriesEndpoints();
        v1.MapCommandEndpoints();
        v1.MapScheduleEndpoints();
        v1.MapRunbookEndpoints();
        v1.MapSessionEndpoints();
        v1.MapTokenEndpoints();
        v1.MapAuditEndpoints();
        v1.MapEnrolmentEndpoints();
        v1.MapRevocationEndpoints();
        http.MapPrometheusEndpoints();
    }

    // A little sooner than the request's, so that the answer can say what was too slow.
    private static TimeSpan PromQLTimeout(HttpApiOptions options) => options.Timeout * 0.9;

    private static bool OnHttpDoor(HttpContext context) => context.Features.Get<ListenerFeature>() is not { Listener: Listener.Grpc };
}
