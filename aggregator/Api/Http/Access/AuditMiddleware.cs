using System.Globalization;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Metrics;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Records every mutating call and every refusal before its answer leaves: when the audit cannot be written, the caller gets no answer that
/// says otherwise. Refusals of callers without a valid token are many when somebody knocks: those beyond one a second are counted, not recorded.</summary>
internal sealed class AuditMiddleware(RequestDelegate next, IAuditLog audit, MetricRegistry metrics, TimeProvider time)
{
    private const double StrangersPerSecond = 1;
    private const double StrangersAtOnce = 60;

    private readonly RateBuckets _strangers = new(StrangersPerSecond, StrangersAtOnce, time);
    private long _unrecorded;

    /// <summary>The middleware; runs after routing and before authentication.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!AuthenticationMiddleware.IsOurs(context, out RouteEndpoint? endpoint))
        {
            return next(context);
        }

        string action = endpoint.Metadata.GetMetadata<AuditedAction>()?.Action ?? $"{context.Request.Method} /{endpoint.RoutePattern.RawText?.TrimStart('/')}";
        var scope = new AuditScope(action, ClientAddress.From(context.Connection.RemoteIpAddress));
        context.Features.Set(scope);
        context.Response.OnStarting(() =>
        {
            Record(scope, context);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private void Record(AuditScope scope, HttpContext context)
    {
        int status = context.Response.StatusCode;
        if (scope.Recorded || (scope.Refusal is null && AccessContext.IsSafe(context)))
        {
            return;
        }

        if (scope.Refusal is { } refusal)
        {
            scope.Details["refused"] = refusal;
            metrics.Counter("hostaggregator_refusals_total", "Requests turned away at the door.", ("reason", refusal)).Increment();
            if ((scope.Principal is null || status == StatusCodes.Status429TooManyRequests) && _strangers.Take("") is not null)
            {
                Interlocked.Increment(ref _unrecorded);
                return;
            }

            if (Interlocked.Exchange(ref _unrecorded, 0) is > 0 and var unrecorded)
            {
                scope.Details["refusals not recorded before"] = unrecorded.ToString(CultureInfo.InvariantCulture);
            }
        }

        if (status >= StatusCodes.Status400BadRequest)
        {
            scope.Details["status"] = status.ToString(CultureInfo.InvariantCulture);
        }

        audit.Append(scope.Take(status switch
        {
            < StatusCodes.Status400BadRequest => AuditOutcome.Done,
            < StatusCodes.Status500InternalServerError => AuditOutcome.Refused,
            _ => AuditOutcome.Failed,
        }));
    }
}
