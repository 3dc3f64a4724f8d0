using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Aggregator.Tests.Hosting;

/// <summary>The real program, started as an operator would.</summary>
public sealed class ServeProgramTests : IDisposable
{
    private static readonly string Binary = Path.Combine(AppContext.BaseDirectory, "hostaggregator");

    private readonly TempDirectory _directory = new("serve");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_writes_endpoints_when_it_answers_and_ends_within_five_seconds_of_SIGTERM()
    {
        string data = _directory.File("data");
        await using ChildProcess program = Serve(data);
        JsonElement endpoints = await EndpointsAsync(data, program);
        Assert.Equal(program.Id, endpoints.GetProperty("pid").GetInt32());
        Assert.Equal(Path.Combine(data, "ca.crt"), endpoints.GetProperty("caFile").GetString());
        Assert.StartsWith("https://127.0.0.1:", endpoints.GetProperty("grpc").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        using var http = new HttpClient { BaseAddress = new Uri(endpoints.GetProperty("http").GetString()!) };
        Assert.Contains("\"status\":", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));

        // A client that keeps its connection open must not delay the end.
        program.Send(UnixSignal.Terminate);
        Assert.Equal(0, await program.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.False(File.Exists(Path.Combine(data, "endpoints.json")));
    }

    [Fact]
    public async Task A_second_instance_on_the_same_data_says_who_has_it()
    {
        string data = _directory.File("data");
        await using ChildProcess first = Serve(data);
        await EndpointsAsync(data, first);
        await using ChildProcess second = Serve(data, log: "second.log");
        Assert.Equal(73, await second.WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains($"the data directory {data} is in use by another hostaggregator (process {first.Id})", second.Output);
        Assert.True(File.Exists(Path.Combine(data, "endpoints.json"))); // of the first, untouched
    }

    [Fact]
    public async Task After_kill_minus_nine_the_next_start_just_works()
    {
        string data = _directory.File("data");
        await using (ChildProcess killed = Serve(data))
        {
            await EndpointsAsync(data, killed);
            killed.Send(UnixSignal.Kill);
            await killed.WaitAsync(TimeSpan.FromSeconds(90));
            Assert.True(File.Exists(Path.Combine(data, "endpoints.json"))); // stale
        }

        await using ChildProcess next = Serve(data);
        await Eventually.TrueAsync(async () => (await EndpointsAsync(data, next)).GetProperty("pid").GetInt32() == next.Id, "the new instance's endpoints.json");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        await using ChildProcess program = Serve(_directory.File("data"), taken.LocalEndpoint.ToString()!);
        Assert.Equal(73, await program.WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains($"cannot listen on {taken.LocalEndpoint} (--http)", program.Output);
        Assert.DoesNotContain("   at ", program.Output); // no stack trace for an operator's mistake
    }

    [Theory]
    [InlineData(64, "Unrecognized command or argument '--nonsense'", "serve", "--nonsense")]
    [InlineData(64, "Required command was not provided")]
    [InlineData(78, "--http: \"0.0.0.0:0\" is not allowed", "serve", "--http", "0.0.0.0:0")]
    [InlineData(78, "--log-format: \"xml\" is not allowed; give one of auto, text, journald, json", "serve", "--log-format", "xml")]
    [InlineData(73, "cannot make the data directory /dev/null/x", "serve", "--data", "/dev/null/x")]
    [InlineData(0, "hostaggregator ", "--version")]
    [InlineData(0, "Exit codes:", "serve", "--help")]
    public async Task Exit_codes_tell_mistakes_apart(int exitCode, string output, params string[] arguments)
    {
        await using ChildProcess program = ChildProcess.Start("hostaggregator", [Binary, .. arguments], _directory.File("log"));
        Assert.Equal(exitCode, await program.WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains(output, program.Output);
    }

    [Fact]
    public async Task Logs_can_be_JSON_lines()
    {
        string data = _directory.File("data");
        await using ChildProcess program = Serve(data, arguments: ["--log-format", "json"]);
        await EndpointsAsync(data, program);
        program.Send(UnixSignal.Terminate);
        await program.WaitAsync(TimeSpan.FromSeconds(10));
        string[] lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("Message", out _)));
        Assert.NotEmpty(lines);
    }

    private ChildProcess Serve(string data, string http = "127.0.0.1:0", string log = "log", params string[] arguments)
        => ChildProcess.Start("hostaggregator", [Binary, "serve", "--data", data, "--http", http, "--grpc", "127.0.0.1:0", .. arguments], _directory.File(log));

    private static async Task<JsonElement> EndpointsAsync(string data, ChildProcess program)
    {
        string path = Path.Combine(data, "endpoints.json");
        await Eventually.TrueAsync(() => File.Exists(path) || program.HasExited, "endpoints.json", TimeSpan.FromSeconds(90));
        Assert.True(File.Exists(path), program.Output);
        return JsonDocument.Parse(await File.ReadAllTextAsync(path)).RootElement;
    }
}
