using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Net.Client;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HostAgent.Aggregator.Tests.Commands;

/// <summary>An aggregator with real listeners and a real control store, that can be stopped and started again on its directory.</summary>
internal sealed class CommandHarness : IAsyncDisposable
{
    private readonly TempDirectory _directory = new("commands");
    private readonly TimeProvider _time;
    private DataDirectory? _data;
    private WebApplication? _app;
    private TestAuthority? _authority;
    private string _grpc = "";

    private CommandHarness(TimeProvider time) => _time = time;

    public HttpClient Http { get; private set; } = new();

    public string AdminToken { get; private set; } = "";

    public IServiceProvider Services => _app!.Services;

    public static async Task<CommandHarness> StartAsync(TimeProvider? time = null)
    {
        var harness = new CommandHarness(time ?? TimeProvider.System);
        await harness.StartAppAsync();
        return harness;
    }

    /// <summary>Stops the aggregator and starts it again on what it left.</summary>
    public async Task RestartAsync(Func<Task>? whileDown = null)
    {
        await StopAsync();
        await (whileDown?.Invoke() ?? Task.CompletedTask);
        await StartAppAsync();
    }

    public Task<ScriptedAgent> AgentAsync(int number, ulong sequence = 0, Func<CommandOrder, Task>? onOrder = null, params CommandKindDef[] kinds)
        => ScriptedAgent.AttachAsync(Channel(number), number, sequence, onOrder, kinds);

    /// <summary>A connection of the host, with its certificate.</summary>
    public GrpcChannel Channel(int number)
        => GrpcChannel.ForAddress(_grpc, new GrpcChannelOptions { HttpHandler = _authority!.Handler(ScriptedAgent.Id(number)), DisposeHttpClient = true });

    /// <summary>A host that has attached and gone again.</summary>
    public async Task AttachOnceAsync(int number)
    {
        await (await AgentAsync(number)).DisposeAsync();
        await Eventually.TrueAsync(
            async () => !(await PostAsync("/v1/commands/preview", new { kind = "service.restart", on = ScriptedAgent.Id(number), args = new { unit = "nginx" } }))
                .Json.GetProperty("targets")[0].GetProperty("attached").GetBoolean(),
            $"web{number} is gone");
    }

    /// <summary>POSTs and gives status and document.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Asks for a command that must be accepted; gives its id.</summary>
    public async Task<string> CommandAsync(object body)
    {
        (HttpStatusCode status, JsonElement json) = await PostAsync("/v1/commands", body);
        Assert.True(status == HttpStatusCode.Created, $"{(int)status} {json}");
        return json.GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string path)
        => JsonDocument.Parse(await Http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    public async Task<JsonElement> HostAsync(string commandId, int number)
        => (await GetAsync("/v1/commands/" + commandId)).GetProperty("hosts").EnumerateArray().Single(h => h.GetProperty("id").GetString() == ScriptedAgent.Id(number));

    public async Task<string> StateAsync(string commandId, int number) => (await HostAsync(commandId, number)).GetProperty("state").GetString()!;

    public Task BecomesAsync(string commandId, int number, string state)
        => Eventually.TrueAsync(async () => await StateAsync(commandId, number) == state, $"web{number} is {state}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    private async Task StartAppAsync()
    {
        _data = DataDirectory.Open(_directory.FullPath);
        var options = new AggregatorOptions
        {
            DataDirectory = _directory.FullPath,
            Http = new IPEndPoint(IPAddress.Loopback, 0),
            Grpc = new IPEndPoint(IPAddress.Loopback, 0),
            LogFormat = LogFormat.Text,
            LogLevel = LogLevel.Critical,
        };
        _app = await Program.StartAsync(options, _data, new MemoryBackend(), _time);
        using var endpoints = JsonDocument.Parse(await File.ReadAllTextAsync(_data.File(EndpointsFile.Name)));
        Http = new HttpClient { BaseAddress = new Uri(endpoints.RootElement.GetProperty("http").GetString()!), Timeout = TimeSpan.FromSeconds(60) };
        AdminToken = (await File.ReadAllTextAsync(_data.File(LocalAdminToken.Name))).Trim();
        Http.DefaultRequestHeaders.Authorization = new("Bearer", AdminToken);
        _grpc = endpoints.RootElement.GetProperty("grpc").GetString()!;
        _authority = TestAuthority.Beside(endpoints.RootElement.GetProperty("caFile").GetString()!);
    }

    private async Task StopAsync()
    {
        _authority!.Dispose();
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _data!.Dispose();
    }
}
