using System.Globalization;
using System.Net;
using System.Text.Json;

namespace HostAgent.TestSupport.Processes;

/// <summary>Asks a running aggregator's HTTP API, the way a script would.</summary>
public sealed class AggregatorApi(Uri http) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = http, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The JSON document at <paramref name="path"/>; throws with the answer's text when the status is not 200.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        (HttpStatusCode status, string body) = await TryGetAsync(path);
        if (status != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"GET {path}: {(int)status} {body}");
        }

        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <summary>Status and text of the answer at <paramref name="path"/>.</summary>
    public async Task<(HttpStatusCode Status, string Body)> TryGetAsync(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Every stored sample that <paramref name="selector"/> means between the two instants, both included.</summary>
    public async Task<IReadOnlyList<ApiSeries>> RangeAsync(string selector, long fromUnixMs, long toUnixMs)
    {
        JsonElement answer = await GetAsync($"/v1/range?match={Uri.EscapeDataString(selector)}&from={Seconds(fromUnixMs)}&to={Seconds(toUnixMs)}");
        return [.. answer.GetProperty("series").EnumerateArray().Select(Series)];
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Unix milliseconds as the API takes them.</summary>
    public static string Seconds(long unixMs) => (unixMs / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static ApiSeries Series(JsonElement series) => new(
        series.GetProperty("metric").GetString()!,
        series.GetProperty("labels").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!),
        [.. series.GetProperty("points").EnumerateArray().Select(p => ((long)(p[0].GetDecimal() * 1000), Value(p[1])))]);

    private static double Value(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : value.GetString() switch { "NaN" => double.NaN, "+Inf" => double.PositiveInfinity, _ => double.NegativeInfinity };
}
