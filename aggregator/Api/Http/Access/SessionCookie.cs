namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>The cookie of a browser's session. Over TLS it has the prefix __Host-, by which browsers hold it to this host, this path and TLS
/// (RFC 6265bis 4.1.3.2); on loopback without TLS that prefix is not allowed.</summary>
internal static class SessionCookie
{
    private const string Plain = "hostagent-session";
    private const string Secure = "__Host-" + Plain;

    /// <summary>The cookie's value; null without one.</summary>
    public static string? Read(HttpContext context) => context.Request.Cookies[Name(context)];

    /// <summary>Sets it, for as long as the browser runs.</summary>
    public static void Set(HttpContext context, string value) => context.Response.Cookies.Append(Name(context), value, Options(context));

    /// <summary>Removes it.</summary>
    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name(context), Options(context));

    private static string Name(HttpContext context) => context.Request.IsHttps ? Secure : Plain;

    private static CookieOptions Options(HttpContext context)
        => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };
}
