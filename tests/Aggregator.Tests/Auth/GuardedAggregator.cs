using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>An aggregator of its own for one test, with real listeners, a clock that the test turns, and the token of its admin.</summary>
internal sealed class GuardedAggregator : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly DataDirectory _data;
    private readonly WebApplication _app;

    private GuardedAggregator(TempDirectory directory, DataDirectory data, WebApplication app, FakeTime time)
    {
        (_directory, _data, _app, Time) = (directory, data, app, time);
        using var endpoints = JsonDocument.Parse(File.ReadAllBytes(data.File(EndpointsFile.Name)));
        Url = new Uri(endpoints.RootElement.GetProperty("http").GetString()!);
        AdminToken = File.ReadAllText(data.File(LocalAdminToken.Name)).Trim();
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public FakeTime Time { get; }

    public Uri Url { get; }

    public string AdminToken { get; }

    /// <summary>Shows no token by itself.</summary>
    public HttpClient Http { get; }

    public string Folder => _data.Location;

    public IServiceProvider Services => _app.Services;

    public static async Task<GuardedAggregator> StartAsync(bool anonymousRead = true, IPAddress? http = null)
    {
        var directory = new TempDirectory("guarded");
        var data = DataDirectory.Open(directory.FullPath);
        var time = new FakeTime();
        var options = new AggregatorOptions
        {
            DataDirectory = directory.FullPath,
            Http = new IPEndPoint(http ?? IPAddress.Loopback, 0),
            Grpc = new IPEndPoint(IPAddress.Loopback, 0),
            AllowRemote = http is not null,
            AnonymousRead = anonymousRead,
            LogFormat = LogFormat.Text,
            LogLevel = LogLevel.Critical,
        };
        WebApplication app = await Program.StartAsync(options, data, new MemoryBackend(), time);
        return new GuardedAggregator(directory, data, app, time);
    }

    /// <summary>Asks with a token, or without one.</summary>
    public async Task<Reply> AskAsync(HttpMethod method, string path, string? token = null, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => JsonContent.Create(body),
        };
        using HttpResponseMessage response = await Http.SendAsync(request);
        return new Reply(response.StatusCode, response.Headers.ToDictionary(h => h.Key, h => string.Join('\n', h.Value), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
    }

    public Task<Reply> GetAsync(string path, string? token = null) => AskAsync(HttpMethod.Get, path, token);

    public Task<Reply> PostAsync(string path, string? token, object? body = null) => AskAsync(HttpMethod.Post, path, token, body);

    /// <summary>Makes a token; its text.</summary>
    public async Task<string> TokenAsync(string role, string owner = "ann", string[]? scopes = null, string? expiresIn = null)
    {
        Reply made = await PostAsync("/v1/tokens", AdminToken, new { owner, role, scopes, expiresIn });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json.GetProperty("secret").GetString()!;
    }

    /// <summary>The audit, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> AuditAsync()
    {
        Reply audit = await GetAsync("/v1/audit?after=0", AdminToken);
        Assert.True(audit.Status == HttpStatusCode.OK, audit.Body);
        return [.. audit.Json.GetProperty("records").EnumerateArray()];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
        _directory.Dispose();
    }
}
