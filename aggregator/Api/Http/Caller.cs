namespace HostAgent.Aggregator.Api.Http;

/// <summary>Who asks.</summary>
internal static class Caller
{
    /// <summary>A name for the journal and people.</summary>
    public static string Of(HttpContext context) => context.User.Identity?.Name is { Length: > 0 } name ? name : "local";
}
