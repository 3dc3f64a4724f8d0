using System.Text;
using System.Text.Encodings.Web;
using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>GET /: a plain page for a person who opens the address in a browser. No script, no picture, nothing from elsewhere.</summary>
internal static class LandingPage
{
    private const int MaxHosts = 200;

    /// <summary>Adds the route.</summary>
    public static void MapLandingPage(this RouteGroupBuilder http)
        => http.MapGet("/", (IHostDirectory hosts, HttpApiOptions options, HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Content(Html(hosts.All(), options.Version), "text/html; charset=utf-8");
        }).ExcludeFromDescription();

    private static string Html(IReadOnlyList<HostView> hosts, string version)
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
        return $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>HostAgent</title>
            <style>body{font:16px/1.5 sans-serif;margin:2em;max-width:60em} td,th{text-align:left;padding-right:2em} code{background:#eee}</style></head>
            <body><h1>HostAgent aggregator {{version}}</h1>
            <table><tr><th>host</th><th>state</th><th>last sample</th><th>series</th></tr>
            {{rows}}</table>{{more}}
            <h2>API</h2>
            <ul>
            <li><a href="/v1/hosts">/v1/hosts</a></li>
            <li><a href="/v1/latest?match=host_load1">/v1/latest?match=host_load1</a></li>
            <li><a href="/v1/range?match=host_load1&amp;from=-10m&amp;step=10s">/v1/range?match=host_load1&amp;from=-10m&amp;step=10s</a></li>
            <li><a href="/v1/series?match=%7B__name__%3D~%22host_.%2A%22%7D">/v1/series?match={__name__=~"host_.*"}</a></li>
            <li><a href="/health">/health</a>, <a href="/metrics">/metrics</a>, <a href="/openapi/v1.json">/openapi/v1.json</a></li>
            </ul>
            <p>In a terminal: <code>hostctl top</code></p>
            </body></html>
            """;
    }
}
