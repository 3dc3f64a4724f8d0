namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Tells requests of the aggregator's own pages from those that a page of another site makes a browser send. SameSite=Strict already keeps the
/// cookie from other sites, but ports do not count there: any other program that serves pages on this machine is the same site.</summary>
internal static class OriginCheck
{
    private const string Header = "X-HostAgent-Request";

    /// <summary>The browser says that the request comes from a page of this very address, or, where it says nothing, the request carries a header that
    /// no page of another origin can make a browser send without asking (CORS).</summary>
    public static bool IsOwnPage(HttpRequest request)
        => request.Headers.Origin.Count == 0 ? request.Headers.ContainsKey(Header) : IsOwn(request, request.Headers.Origin.ToString());

    /// <summary>The browser does not say that the request comes from elsewhere.</summary>
    public static bool IsNotForeign(HttpRequest request) => request.Headers.Origin.Count == 0 || IsOwn(request, request.Headers.Origin.ToString());

    // A proxy may have taken the TLS off: https in front of our http is our page as well.
    private static bool IsOwn(HttpRequest request, string origin)
        => string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || string.Equals(origin, $"https://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
