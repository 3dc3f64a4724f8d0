using System.Text;
using System.Text.Encodings.Web;
using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>GET /: a plain page for a person who opens the address in a browser. No script, no picture, nothing from elsewhere.
/// Who may not read gets a form to log in, and nothing else.</summary>
internal static class LandingPage
{
    private const int MaxHosts = 200;

    private const string LoginForm = """
        <form method="post" action="/v1/login">
        <p><label>Token <input type="password" name="token" autocomplete="off" size="62" required></label> <button>Log in</button></p></form>
        """;

    private const string Links = """
        <h2>API</h2>
        <ul>
        <li><a href="/v1/hosts">/v1/hosts</a></li>
        <li><a href="/v1/latest?match=host_load1">/v1/latest?match=host_load1</a></li>
        <li><a href="/v1/range?match=host_load1&amp;from=-10m&amp;step=10s">/v1/range?match=host_load1&amp;from=-10m&amp;step=10s</a></li>
        <li><a href="/v1/series?match=%7B__name__%3D~%22host_.%2A%22%7D">/v1/series?match={__name__=~"host_.*"}</a></li>
        <li><a href="/health">/health</a>, <a href="/metrics">/metrics</a>, <a href="/openapi/v1.json">/openapi/v1.json</a></li>
        </ul>
        <p>In a terminal: <code>hostctl top</code></p>
        """;

    /// <summary>Adds the route.</summary>
    public static void MapLandingPage(this RouteGroupBuilder http)
        => http.MapGet("/", (IHostDirectory hosts, HttpApiOptions options, HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-store";
            Principal principal = context.Principal();
            bool sees = principal.TokenId is not null || AuthenticationMiddleware.MayReadAnonymously(context, options);
            return TypedResults.Content(sees ? Html(hosts.All(), options.Version, Who(principal)) : Page(options.Version, LoginForm), "text/html; charset=utf-8");
        }).AllowAnyone().ExcludeFromDescription();

    private static string Who(Principal principal) => principal.TokenId is null ? LoginForm : $"""
        <form method="post" action="/v1/logout" enctype="application/x-www-form-urlencoded">
        <p>{HtmlEncoder.Default.Encode(principal.Name)} ({principal.Role.Word()}) <button>Log out</button></p></form>
        """;

    private static string Html(IReadOnlyList<HostView> hosts, string version, string who)
    {
        var rows = new StringBuilder();
        foreach (HostView host in hosts.Take(MaxHosts))
        {
            string name = HtmlEncoder.Default.Encode(host.Name);
            rows.Append(null, $"""
                <tr><td><a href="/v1/hosts/{Uri.EscapeDataString(host.Id)}">{name}</a></td><td>{host.Liveness.ToString().ToLowerInvariant()}</td>
                <td>{ApiTime.FormatOrNull(host.LastSampleUnixMs) ?? "never"}</td><td>{host.SeriesCount}</td></tr>

                """);
        }

        string more = hosts.Count > MaxHosts ? $"<p>{hosts.Count - MaxHosts} more: <a href=\"/v1/hosts\">/v1/hosts</a></p>" : "";
        return Page(version, $"""
            {who}
            <table><tr><th>host</th><th>state</th><th>last sample</th><th>series</th></tr>
            {rows}</table>{more}
            {Links}
            """);
    }

    private static string Page(string version, string content) => $$"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>HostAgent</title>
        <style>body{font:16px/1.5 sans-serif;margin:2em;max-width:60em} td,th{text-align:left;padding-right:2em} code{background:#eee}</style></head>
        <body><h1>HostAgent aggregator {{version}}</h1>
        {{content}}
        </body></html>
        """;
}
