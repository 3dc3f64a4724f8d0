using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HostAgent.CommandBench;
using HostAgent.TestSupport.Trust;

// usage: HostAgent.CommandBench DATA [AGENTS] [COMMANDS]: an aggregator runs on DATA.
string data = args[0];
int agents = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1000;
int commands = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 300;
using var endpoints = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "endpoints.json")));
string grpc = endpoints.RootElement.GetProperty("grpc").GetString()!;
using var authority = TestAuthority.Beside(Path.Combine(data, "ca.crt"));
using var http = new HttpClient { BaseAddress = new Uri(endpoints.RootElement.GetProperty("http").GetString()!) };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(data, "admin.token")).Trim());

long began = Stopwatch.GetTimestamp();
BenchAgent[] all = new BenchAgent[agents];
await Parallel.ForEachAsync(Enumerable.Range(0, agents), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => all[i] = await BenchAgent.AttachAsync(grpc, authority, i + 1));
Task running = Task.WhenAll(all.Select(static agent => agent.RunAsync()));
Console.WriteLine($"{agents} agents attached in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, each with its certificate");

// One command to one agent, again and again: from before the request to the agent having read the order.
var latencies = new List<double>();
for (int i = 0; i < commands; i++)
{
    BenchAgent agent = all[i % agents];
    (string id, long asked) = await AskAsync($"bench{(i % agents) + 1}");
    latencies.Add((await ArrivalAsync(agent, id) - asked) * 1000.0 / Stopwatch.Frequency);
    await Task.Delay(20); // an API's limit of changes by one caller is not what is measured
}

double[] sorted = [.. latencies.Order()];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one host: request to order read by its agent, {sorted.Length} commands: p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, max {sorted[^1]:0.00} ms"));

// One command to all of them, three times.
for (int round = 0; round < 3; round++)
{
    (string id, long asked) = await AskAsync("all");
    var arrivals = new List<double>();
    foreach (BenchAgent agent in all)
    {
        arrivals.Add((await ArrivalAsync(agent, id) - asked) * 1000.0 / Stopwatch.Frequency);
    }

    while (!JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v1/commands/{id}?output=false", UriKind.Relative))).RootElement.GetProperty("settled").GetBoolean())
    {
        await Task.Delay(50);
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{agents} hosts: first order read after {arrivals.Min():0.0} ms, last after {arrivals.Max():0.0} ms; all final states durable after {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} ms"));
}

foreach (BenchAgent agent in all)
{
    agent.Dispose();
}

await running;
return 0;

double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];

async Task<(string Id, long Asked)> AskAsync(string on)
{
    long asked = Stopwatch.GetTimestamp();
    using HttpResponseMessage response = await http.PostAsJsonAsync(new Uri("/v1/commands", UriKind.Relative), new { kind = "bench.nothing", on });
    string body = await response.Content.ReadAsStringAsync();
    return response.IsSuccessStatusCode ? (JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!, asked) : throw new InvalidOperationException(body);
}

static async Task<long> ArrivalAsync(BenchAgent agent, string id)
{
    long began = Stopwatch.GetTimestamp();
    while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
    {
        lock (agent.Arrived)
        {
            if (agent.Arrived.TryGetValue(id, out long at))
            {
                return at;
            }
        }

        await Task.Delay(1);
    }

    throw new TimeoutException($"an order did not arrive: {id}");
}
