using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests.Chains;

/// <summary>An aggregator and its agents, all of them the real programs, on loopback and in directories of their own. When the test fails
/// their logs go into its output and the directory is kept.</summary>
internal sealed class Chain : IAsyncDisposable
{
    private readonly TempDirectory _directory = new("hostagent-e2e");
    private readonly List<ChildProcess> _children = [];
    private int _agents;

    /// <summary>The aggregator's data directory.</summary>
    public string DataDirectory => _directory.Folder("data");

    /// <summary>The running aggregator.</summary>
    public ChildProcess Aggregator { get; private set; } = null!;

    /// <summary>Its HTTP API.</summary>
    public AggregatorApi Api { get; private set; } = null!;

    /// <summary>URL of its HTTP API.</summary>
    public string HttpUrl { get; private set; } = "";

    /// <summary>URL that agents connect to.</summary>
    public string GrpcUrl { get; private set; } = "";

    /// <summary>The certificate file that agents need.</summary>
    public string CaFile { get; private set; } = "";

    /// <summary>A path in the chain's directory.</summary>
    public string File(params string[] parts) => _directory.File(parts);

    /// <summary>Starts the aggregator (again) and waits until it listens. <paramref name="grpc"/>: address to listen on; default a free port.</summary>
    public async Task StartAggregatorAsync(string grpc = "127.0.0.1:0", params string[] more)
    {
        Aggregator = Run("aggregator", [Programs.Aggregator, "serve", "--data", DataDirectory, "--http", "127.0.0.1:0", "--grpc", grpc, .. more]);
        await Eventually.TrueAsync(() => Aggregator.HasExited || TryReadEndpoints(), "the aggregator listens", TimeSpan.FromSeconds(60));
        Assert.False(Aggregator.HasExited, $"the aggregator ended:\n{Aggregator.Output}");
    }

    /// <summary>Prepares an agent; nothing is started.</summary>
    public ChainAgent Agent(string? url = null, IReadOnlyList<string>? settings = null)
    {
        string name = $"agent-{++_agents}";
        return new ChainAgent(this, name, _directory.Folder(name), url ?? GrpcUrl) { Settings = settings ?? [] };
    }

    /// <summary>Starts any program of the chain; it ends with the chain at the latest.</summary>
    public ChildProcess Run(string name, params string[] argv)
    {
        var child = ChildProcess.Start(name, argv, _directory.File($"{name}.log"));
        _children.Add(child);
        return child;
    }

    /// <summary>Runs a program to its end: exit code and everything it wrote.</summary>
    public async Task<(int ExitCode, string Output)> RunToEndAsync(params string[] argv)
    {
        string log = _directory.File($"{Guid.NewGuid():N}.log");
        await using var child = ChildProcess.Start(Path.GetFileName(argv[0]), argv, log);
        int code = await child.WaitAsync(TimeSpan.FromSeconds(30));
        return (code, child.Output);
    }

    /// <summary>Runs hostctl against this aggregator.</summary>
    public Task<(int ExitCode, string Output)> CtlAsync(params string[] arguments)
        => RunToEndAsync([Programs.Ctl, "--aggregator", HttpUrl, .. arguments]);

    /// <summary>Waits until the newest sample of <paramref name="selector"/> is one that <paramref name="accept"/> accepts.</summary>
    public Task StoredAsync(string selector, string what, TimeSpan? deadline = null, Func<JsonElement, bool>? accept = null)
        => Eventually.TrueAsync(async () =>
        {
            JsonElement latest = await Api.GetAsync($"/v1/latest?match={Uri.EscapeDataString(selector)}");
            return latest.GetProperty("samples").EnumerateArray().Any(s => accept is null || accept(s));
        }, what, deadline);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        bool failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        foreach (ChildProcess child in _children)
        {
            await child.DisposeAsync();
        }

        Api?.Dispose();
        if (failed)
        {
            _directory.Keep = true;
            TestContext.Current.TestOutputHelper?.WriteLine($"kept: {_directory.FullPath}");
            foreach (ChildProcess child in _children.DistinctBy(c => c.LogPath))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"--- {child.Name}:\n{child.Tail(30)}");
            }
        }

        _directory.Dispose();
    }

    private bool TryReadEndpoints()
    {
        try
        {
            using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(DataDirectory, "endpoints.json")));
            if (json.RootElement.GetProperty("pid").GetInt32() != Aggregator.Id)
            {
                return false;
            }

            HttpUrl = json.RootElement.GetProperty("http").GetString()!;
            GrpcUrl = json.RootElement.GetProperty("grpc").GetString()!;
            CaFile = json.RootElement.GetProperty("caFile").GetString()!;
            Api?.Dispose();
            Api = new AggregatorApi(new Uri(HttpUrl));
            return true;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return false;
        }
    }
}
