using System.Globalization;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Turns what an endpoint throws into a problem document that says whose fault it is and whether trying again can help.</summary>
internal sealed partial class ApiExceptionHandler(IProblemDetailsService problems, ILogger<ApiExceptionHandler> log) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ApiException problem = exception switch
        {
            ApiException known => known,
            CommandException e => Refused(e),
            QuerySyntaxException e => ApiException.BadParameter("match", Where(e), e.Position),
            QueryLimitException e => new(StatusCodes.Status422UnprocessableEntity, "limit", "The answer would be too large", Sentence(e.Message)),
            BadHttpRequestException e => new(e.StatusCode, "request", "The request is malformed", Sentence(e.Message)),
            OperationCanceledException => new(StatusCodes.Status504GatewayTimeout, "timeout", "The request took too long",
                "The query was given up; take a longer step, a shorter interval or fewer series."),
            StorageException { IsTransient: true } e => new(StatusCodes.Status503ServiceUnavailable, "store", "The store cannot answer now",
                Sentence(e.Message) + " Trying again later can help."),
            StorageException e => new(StatusCodes.Status500InternalServerError, "store", "The store is damaged", Sentence(e.Message)),
            _ => new(StatusCodes.Status500InternalServerError, "defect", "The aggregator made a mistake",
                "This is a defect of the aggregator, not of the request; its log has the details."),
        };
        if (problem.Status >= StatusCodes.Status500InternalServerError && !httpContext.RequestAborted.IsCancellationRequested)
        {
            LogFailed(httpContext.Request.Method, httpContext.Request.Path, problem.Kind, exception);
        }

        httpContext.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        if (problem.RetryAfter is { } wait)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 6750 3
        }

        var details = new ProblemDetails
        {
            Type = "urn:hostagent:problem:" + problem.Kind,
            Title = problem.Title,
            Status = problem.Status,
            Detail = problem.Message,
            Instance = httpContext.Request.Path,
        };
        if (problem.Parameter is not null)
        {
            details.Extensions["parameter"] = problem.Parameter;
        }

        if (problem.Position is not null)
        {
            details.Extensions["position"] = problem.Position;
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details, Exception = exception });
    }

    private static ApiException Refused(CommandException e)
    {
        (int status, string kind, string title) = e.Fault switch
        {
            CommandFault.Invalid => (StatusCodes.Status400BadRequest, "parameter", "A field has a value that is not allowed"),
            CommandFault.NotFound => (StatusCodes.Status404NotFound, "not-found", "There is no such thing"),
            CommandFault.Conflict => (StatusCodes.Status409Conflict, "conflict", "It contradicts what is there"),
            CommandFault.Unfit => (StatusCodes.Status422UnprocessableEntity, "unfit", "A target cannot or may not do it"),
            _ => (StatusCodes.Status429TooManyRequests, "over-limit", "Too much at once"),
        };
        return new ApiException(status, kind, title, e.Message) { Parameter = e.Field };
    }

    private static string Where(QuerySyntaxException e) => e.Position is { } at ? $"At character {at}: {e.Problem}." : Sentence(e.Problem);

    private static string Sentence(string message)
        => message.Length == 0 ? message : char.ToUpperInvariant(message[0]) + message[1..] + (message[^1] is '.' or '?' ? "" : ".");

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed ({Kind})")]
    private partial void LogFailed(string method, string path, string kind, Exception exception);
}
