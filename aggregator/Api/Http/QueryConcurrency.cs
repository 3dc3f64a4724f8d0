using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Bounds how many queries are worked on at a time, so that dashboards cannot take the memory that ingest needs.</summary>
internal static class QueryConcurrency
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "queries";

    private const int MaxWaiting = 100;

    /// <summary>Adds the policy.</summary>
    public static void Configure(RateLimiterOptions limiter, int maxConcurrent)
    {
        limiter.AddConcurrencyLimiter(Policy, options =>
        {
            options.PermitLimit = maxConcurrent;
            options.QueueLimit = MaxWaiting;
            options.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
        });
        limiter.OnRejected = static async (rejected, _) =>
        {
            HttpContext context = rejected.HttpContext;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "5";
            await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = new ProblemDetails
                {
                    Type = "urn:hostagent:problem:busy",
                    Title = "Too many queries at a time",
                    Status = StatusCodes.Status503ServiceUnavailable,
                    Detail = "The aggregator works on as many queries as it may and as many more wait. Trying again in a few seconds helps.",
                    Instance = context.Request.Path,
                },
            });
        };
    }
}
