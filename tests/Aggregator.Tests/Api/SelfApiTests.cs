using System.Net;
using System.Text.Json;
using HostAgent.TestSupport;

namespace HostAgent.Aggregator.Tests.Api;

/// <summary>What the aggregator says about itself.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class SelfApiTests(RunningAggregator aggregator)
{
    [Fact]
    public async Task Health_has_status_timestamp_version_and_checks()
    {
        Answer answer = await Answer.GetAsync(aggregator, "/health");
        JsonElement health = answer.Json;
        Assert.Equal(health.GetProperty("status").GetString() == "unhealthy" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, answer.Status);
        Assert.Equal("2026-01-01T00:00:00.000Z", health.GetProperty("timestamp").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+", health.GetProperty("version").GetString());
        Assert.Equal("healthy", health.GetProperty("checks").GetProperty("certificate").GetProperty("status").GetString());
        Assert.Contains("are free in", health.GetProperty("checks").GetProperty("disk").GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Metrics_are_in_the_text_format_and_count_requests_by_route()
    {
        await Answer.OkAsync(aggregator, "/v1/hosts/web1");
        Answer answer = await Answer.GetAsync(aggregator, "/metrics");
        Assert.Equal("text/plain", answer.MediaType);
        Assert.Contains("# TYPE hostaggregator_http_requests_total counter\n", answer.Body);
        Assert.Contains("hostaggregator_http_requests_total{route=\"/v1/hosts/{id}\",status=\"200\"} ", answer.Body);
        Assert.Contains("process_cpu_seconds_total ", answer.Body);
        Assert.EndsWith("\n", answer.Body);
    }

    [Fact]
    public async Task The_OpenAPI_document_is_the_recorded_one()
    {
        Answer answer = await Answer.GetAsync(aggregator, "/openapi/v1.json");
        GoldenFile.Check("openapi.json", answer.Body + "\n");
    }

    [Fact]
    public async Task The_landing_page_lists_the_hosts_and_runs_no_script()
    {
        using HttpResponseMessage response = await aggregator.Http.GetAsync(new Uri("/", UriKind.Relative));
        string html = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(">web1</a>", html);
        Assert.Contains("/openapi/v1.json", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
    }
}
