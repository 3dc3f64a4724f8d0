using System.Net;
using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Api;

/// <summary>An answer of the API under test.</summary>
internal sealed record Answer(HttpStatusCode Status, string? MediaType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Answer> GetAsync(RunningAggregator aggregator, string path)
    {
        using HttpResponseMessage response = await aggregator.Http.GetAsync(new Uri(path, UriKind.Relative));
        return new Answer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The document of a 200.</summary>
    public static async Task<JsonElement> OkAsync(RunningAggregator aggregator, string path)
    {
        Answer answer = await GetAsync(aggregator, path);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {(int)answer.Status} {answer.Body}");
        Assert.Equal("application/json", answer.MediaType);
        return answer.Json;
    }
}
