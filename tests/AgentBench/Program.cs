using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HostAgent.AgentBench;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;

// AgentBench [SECONDS] [ROUNDS]: the whole agent against the bare reads, in turn. The agent streams over TLS through a forwarder that counts bytes.
double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 30;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
const double WarmUpSeconds = 8;

using var work = new TempDirectory("agent-bench");
string floorProgram = work.File("floor");
string source = Path.Combine(Programs.RepositoryRoot, "tests/AgentBench/floor.c");
await using (var compiler = ChildProcess.Start("gcc", ["gcc", "-O2", "-o", floorProgram, source], work.File("gcc.log")))
{
    if (await compiler.WaitAsync(TimeSpan.FromSeconds(60)) != 0)
    {
        Console.Error.WriteLine(compiler.Output);
        return 1;
    }
}

string data = work.Folder("aggregator");
await using var aggregator = ChildProcess.Start(
    "aggregator", [Programs.Aggregator, "serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"], work.File("aggregator.log"));
string endpointsFile = Path.Combine(data, "endpoints.json");
await Eventually.TrueAsync(() => File.Exists(endpointsFile), "the aggregator listens");
using JsonDocument endpoints = JsonDocument.Parse(await File.ReadAllTextAsync(endpointsFile));
var grpc = new Uri(endpoints.RootElement.GetProperty("grpc").GetString()!);
string ca = endpoints.RootElement.GetProperty("caFile").GetString()!;
using var api = new AggregatorApi(new Uri(endpoints.RootElement.GetProperty("http").GetString()!));

var floors = new List<double>();
var agents = new List<double>();
var starts = new List<double>();
Window? last = null;
double wire = 0, allocated = 0;
for (int round = 0; round < rounds; round++)
{
    await using (var floor = ChildProcess.Start("floor", [floorProgram], work.File("floor.log")))
    {
        await Task.Delay(TimeSpan.FromSeconds(3));
        floors.Add((await Window.MeasureAsync(floor.Id, seconds)).CpuMicrosecondsPerSecond);
    }

    await using var proxy = new TcpFaultProxy(grpc.Port);
    string name = $"bench-{round}";
    var sinceStart = Stopwatch.StartNew();
    await using var agent = ChildProcess.Start(
        "agent",
        [Programs.Agent, "run", "--aggregator", $"https://127.0.0.1:{proxy.Port}", "--ca", ca, "--token-file", Path.Combine(Path.GetDirectoryName(ca)!, "enrolment.token"),
            "--state", work.Folder(name), "--name", name],
        work.File(name + ".log"));
    await Eventually.TrueAsync(async () => (await Latest(name, "host_load1")) is not null, "the first sample is stored");
    starts.Add(sinceStart.Elapsed.TotalMilliseconds);
    await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds));
    long bytes = proxy.BytesUp;
    double? samples = await Samples(name), heap = await Latest(name, "hostagent_gc_allocated_bytes_total");
    last = await Window.MeasureAsync(agent.Id, seconds);
    agents.Add(last.CpuMicrosecondsPerSecond);
    wire = (proxy.BytesUp - bytes) / ((await Samples(name)).GetValueOrDefault() - samples.GetValueOrDefault());
    allocated = ((await Latest(name, "hostagent_gc_allocated_bytes_total")).GetValueOrDefault() - heap.GetValueOrDefault()) / last.Seconds;
}

double floorMedian = Median(floors), agentMedian = Median(agents);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
    medians of {rounds} rounds of {seconds:0} s, 1 s interval, streaming over TLS
    bare reads (floor)       {floorMedian,10:F0} us/s   ({floors.Min():F0} to {floors.Max():F0})
    agent, whole process     {agentMedian,10:F0} us/s   ({agents.Min():F0} to {agents.Max():F0}), {agentMedian / 10_000:F3} % of a core
    agent / floor            {agentMedian / floorMedian,10:F2}
    resident, peak           {last!.After.ResidentBytes / 1048576.0,10:F1} MiB    {last.After.PeakBytes / 1048576.0:F1} MiB
    context switches         {last.SwitchesPerSecond,10:F1} /s     {last.After.Threads} threads
    wire per sample          {wire,10:F2} bytes   TLS records included
    allocated                {allocated,10:F0} bytes/s
    written to disk          {last.WrittenBytes,10} bytes
    start to first stored    {Median(starts),10:F0} ms
    """));
return 0;

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

async Task<double?> Latest(string host, string metric)
{
    JsonElement answer = await api.GetAsync($"/v1/latest?match={Uri.EscapeDataString($"{metric}{{host=\"{host}\"}}")}");
    foreach (JsonElement series in answer.GetProperty("series").EnumerateArray())
    {
        JsonElement value = series.GetProperty("value");
        return value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();
    }

    return null;
}

async Task<double?> Samples(string host)
{
    JsonElement account = await api.GetAsync($"/v1/hosts/{host}/account?from=-1d");
    double sum = 0;
    foreach (JsonElement interval in account.GetProperty("intervals").EnumerateArray())
    {
        sum += interval.GetProperty("samples").GetDouble();
    }

    return sum;
}
