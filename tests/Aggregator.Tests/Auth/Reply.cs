using System.Net;
using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>What an aggregator under test answered.</summary>
internal sealed record Reply(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The kind of the problem, such as role.</summary>
    public string? Problem => Json.GetProperty("type").GetString()?.Split(':')[^1];
}
