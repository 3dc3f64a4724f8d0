using System.Text.Json.Nodes;

namespace HostAgent.GrpcBench;

/// <summary>A runtime with both its ends: its own client against its own server.</summary>
internal sealed class Contestant : IDisposable
{
    private readonly SideProcess _server;
    private readonly SideProcess _client;

    private Contestant(string name, SideProcess server, SideProcess client)
    {
        Name = name;
        _server = server;
        _client = client;
    }

    /// <summary>As the table calls it.</summary>
    public string Name { get; }

    /// <summary>Starts both ends of a runtime.</summary>
    /// <param name="name">As the table calls it.</param>
    /// <param name="server">The server's command line.</param>
    /// <param name="client">The client's command line, without the port, which is appended.</param>
    public static async Task<Contestant> StartAsync(string name, IReadOnlyList<string> server, IReadOnlyList<string> client)
    {
        var serving = new SideProcess(server);
        try
        {
            string port = (await serving.AnswerAsync())["port"]!.ToString();
            var calling = new SideProcess([.. client, port]);
            await calling.AnswerAsync();
            return new Contestant(name, serving, calling);
        }
        catch
        {
            serving.Dispose();
            throw;
        }
    }

    /// <summary>Runs one workload for about <paramref name="seconds"/>.</summary>
    public async Task<Measurement> RunAsync(Workload workload, double seconds)
    {
        TimeSpan serverBefore = _server.Cpu;
        TimeSpan clientBefore = _client.Cpu;
        await _client.TellAsync(new JsonObject { ["workload"] = workload.Kind, ["inFlight"] = workload.InFlight, ["seconds"] = seconds });
        JsonNode answer = await _client.AnswerAsync();
        double count = (double)answer["count"]!;
        return new Measurement(
            PerSecond: count / (double)answer["seconds"]!,
            ServerMicroseconds: (_server.Cpu - serverBefore).TotalMicroseconds / count,
            ClientMicroseconds: (_client.Cpu - clientBefore).TotalMicroseconds / count);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }
}
