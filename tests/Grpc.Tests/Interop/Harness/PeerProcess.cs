using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>Another gRPC implementation in a process of its own: an interop server, and a client that runs the cases it is told to.</summary>
/// <remarks>The peer ends when its standard input does, so it cannot outlive this process, however that ends.</remarks>
internal sealed class PeerProcess : IInteropServer, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CaseLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PeerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
    }

    /// <summary>What a failing test calls it.</summary>
    public string Name { get; }

    public ServerPorts Ports { get; private set; } = new(0, 0, 0);

    public bool ChecksCompression => false;

    public required bool Compresses { get; init; }

    /// <summary>Debian's grpcio. Its server compresses per message, but shows a service nothing of how a request was sent.</summary>
    public static Task<PeerProcess> StartGrpcioAsync(string certificates) => StartAsync(
        "grpcio", "/usr/bin/python3", "python/peer.py", certificates, compresses: true);

    /// <summary>grpc-js on Node.js. Its server decompresses requests but never compresses a response.</summary>
    public static Task<PeerProcess> StartGrpcJsAsync(string certificates) => StartAsync(
        "grpc-js", "node", "js/peer.js", certificates, compresses: false);

    /// <summary>Runs one case of the peer's client; throws with the peer's own words when it fails.</summary>
    public async Task RunCaseAsync(string name, int port, Security security, bool checksCompression)
    {
        var command = new JsonObject
        {
            ["case"] = name,
            ["target"] = $"localhost:{port}",
            ["security"] = JsonNamingPolicy.CamelCase.ConvertName(security.ToString()),
            ["checksCompression"] = checksCompression,
        };
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();
        JsonNode answer = await ReadAnswerAsync(CaseLimit, name);
        Assert.True((bool?)answer["passed"], $"{Name} says of {name}: {(string?)answer["failure"]}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task<PeerProcess> StartAsync(string name, string program, string script, string certificates, bool compresses)
    {
        string interop = Path.Combine(SourceTree.Root, "tests", "Grpc.Tests", "Interop");
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(interop, "peers", script), "--protos", Path.Combine(interop, "protos"), "--certificates", certificates,
            },
        };
        var peer = new PeerProcess(name, Process.Start(start)!) { Compresses = compresses };
        try
        {
            peer._process.BeginErrorReadLine();
            JsonNode ports = await peer.ReadAnswerAsync(StartLimit, "its start");
            peer.Ports = new ServerPorts((int)ports["plaintext"]!, (int)ports["tls"]!, (int)ports["mtls"]!);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    private async Task<JsonNode> ReadAnswerAsync(TimeSpan limit, string during)
    {
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true); // a late answer must not be taken for the next case's
            throw new TimeoutException($"{Name} gave no answer within {limit.TotalSeconds:0} s during {during}. {Errors()}");
        }

        if (line is null)
        {
            // The last lines of standard error may still be on their way when standard output ends.
            await _process.WaitForExitAsync().WaitAsync(EndLimit);
            throw new InvalidOperationException(
                $"{Name} ended during {during}. Are its packages installed (./build.sh test does it)? {Errors()}");
        }

        return JsonNode.Parse(line)!;
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.Length == 0 ? "It wrote nothing to standard error." : $"Its standard error: {_errors}";
        }
    }
}
