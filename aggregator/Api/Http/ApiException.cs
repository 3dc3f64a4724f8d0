namespace HostAgent.Aggregator.Api.Http;

/// <summary>A request that cannot be answered, as a problem document (RFC 9457).</summary>
/// <param name="status">HTTP status.</param>
/// <param name="kind">Last part of the problem's type, <c>urn:hostagent:problem:KIND</c>; programs may rely on it.</param>
/// <param name="title">The same for every problem of the kind.</param>
/// <param name="detail">What is wrong this time, and what to do.</param>
internal sealed class ApiException(int status, string kind, string title, string detail) : Exception(detail)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Last part of the problem's type.</summary>
    public string Kind { get; } = kind;

    /// <summary>The same for every problem of the kind.</summary>
    public string Title { get; } = title;

    /// <summary>The query parameter at fault; null when it is none.</summary>
    public string? Parameter { get; init; }

    /// <summary>The character of the parameter's value at fault, counted from 1; null when it is the whole value.</summary>
    public int? Position { get; init; }

    /// <summary>When trying again can help; null for nothing to say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A parameter whose value is not allowed.</summary>
    public static ApiException BadParameter(string parameter, string detail, int? position = null)
        => new(StatusCodes.Status400BadRequest, "parameter", "A parameter has a value that is not allowed", detail)
        {
            Parameter = parameter,
            Position = position,
        };

    /// <summary>A host that nobody has heard of.</summary>
    public static ApiException NoSuchHost(string idOrName)
        => new(StatusCodes.Status404NotFound, "host", "No such host", $"No host has the id or the name \"{idOrName}\"; GET /v1/hosts lists them all.");

    /// <summary>A field of the request's body whose value is not allowed.</summary>
    public static ApiException BadField(string field, string detail)
        => new(StatusCodes.Status400BadRequest, "field", "A field has a value that is not allowed", detail) { Parameter = field };
}
