using System.Net;

namespace HostAgent.Aggregator.Tests.Api;

[Collection(AggregatorCollection.Name)]
public sealed class ProblemTests(RunningAggregator aggregator)
{
    [Theory]
    [InlineData("/v1/latest", "match", "A selector is missing; write for example ?match=host_load1")]
    [InlineData("/v1/latest?match=host_load1&maxAge=soon", "maxAge", "\"soon\" is no duration longer than 0; write a duration such as 500ms, 10s, 5m, 1h30m, 7d or a number of seconds.")]
    [InlineData("/v1/range?match=x&from=yesterday", "from", "\"yesterday\" is no time; write a time as RFC 3339 (2026-11-22T13:00:00Z), as unix seconds (1795352400), as now, or as a duration before now (-1h).")]
    [InlineData("/v1/range?match=x&from=-1h&to=-2h", "from", "The interval begins (2025-12-31T23:00:00.000Z) after it ends (2025-12-31T22:00:00.000Z).")]
    [InlineData("/v1/range?match=x&step=0", "step", "\"0\" is no duration longer than 0; write a duration such as 500ms, 10s, 5m, 1h30m, 7d or a number of seconds.")]
    [InlineData("/v1/range?match=x&step=1s&agg=median", "agg", "\"median\" is no aggregation; write avg, min, max, sum, count, last or rate.")]
    [InlineData("/v1/range?match=x&step=1s&agg=3", "agg", "\"3\" is no aggregation; write avg, min, max, sum, count, last or rate.")]
    [InlineData("/v1/range?match=x&agg=max", "step", "agg=max folds the samples of a step into one point, so a step is needed; write for example step=10s.")]
    [InlineData("/v1/series?match=x&limit=10001", "limit", "\"10001\" is no whole number from 1 to 10000.")]
    public async Task A_bad_parameter_is_named_with_what_is_allowed(string path, string parameter, string detail)
    {
        Answer answer = await Answer.GetAsync(aggregator, path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("urn:hostagent:problem:parameter", answer.Json.GetProperty("type").GetString());
        Assert.Equal(parameter, answer.Json.GetProperty("parameter").GetString());
        Assert.Equal(detail, answer.Json.GetProperty("detail").GetString());
        Assert.Equal(400, answer.Json.GetProperty("status").GetInt32());
        Assert.Equal(path.Split('?')[0], answer.Json.GetProperty("instance").GetString());
    }

    [Fact]
    public async Task A_bad_selector_says_at_which_character()
    {
        Answer answer = await Answer.GetAsync(aggregator, "/v1/range?match=" + Uri.EscapeDataString("a{b=c}"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(5, answer.Json.GetProperty("position").GetInt32());
        Assert.Equal("At character 5: unexpected identifier \"c\" in label matching, expected string.", answer.Json.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/v1/range?match=host_load1&from=-9y&step=1s", "2 series with up to 283824001 points each are more than the 1000000 points")]
    [InlineData("/v1/range?match=host_load1&from=0&step=1d", "The interval is longer than 3653 days.")]
    public async Task An_answer_that_would_be_too_large_is_refused_before_it_is_made(string path, string detail)
    {
        Answer answer = await Answer.GetAsync(aggregator, path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("urn:hostagent:problem:limit", answer.Json.GetProperty("type").GetString());
        Assert.StartsWith(detail, answer.Json.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/nope")]
    [InlineData("/v1/nope")]
    [InlineData("/api/v1/nope")]
    public async Task An_unknown_path_is_a_problem_document_too(string path)
    {
        Answer answer = await Answer.GetAsync(aggregator, path);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    [Fact]
    public async Task Nothing_can_be_posted()
    {
        using HttpResponseMessage response = await aggregator.Http.PostAsync(new Uri("/v1/hosts", UriKind.Relative), new StringContent("{}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
