using System.Net.Sockets;
using System.Text.Json;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Containers;

/// <summary>The Engine API of Docker, or of Podman in its place, over the local socket. Answers are bounded before they are parsed.</summary>
internal sealed class EngineClient : IDisposable
{
    /// <summary>Largest answer taken: 8 MiB.</summary>
    public const int MaxAnswerBytes = 8 << 20;

    /// <summary>Longest wait for an answer to a question; acts are waited for as long as the command may take.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    private static readonly string[] Places = ["/run/docker.sock", "/run/podman/podman.sock"];

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly string _socket;

    private EngineClient(string socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
            UseProxy = false,
            AllowAutoRedirect = false,
        })
        {
            BaseAddress = new Uri("http://engine"),
            MaxResponseContentBufferSize = MaxAnswerBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>A client of the first engine whose socket exists; it connects with the first question.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public static EngineClient Open(LinuxRoots roots, TimeProvider time)
        => Places.Select(place => roots.Tree + place).FirstOrDefault(File.Exists) is { } socket
            ? new EngineClient(socket, time) : throw new EngineException($"no container engine runs on this host (there is no {string.Join(" and no ", Places)})");

    /// <summary>Name or id to state.</summary>
    /// <exception cref="EngineException">No such container (<see cref="EngineException.Status"/> 404), or the engine cannot be asked.</exception>
    public async Task<ContainerState> InspectAsync(string container, CancellationToken cancellation)
        => ContainerState.OfInspect(await JsonAsync($"/containers/{Uri.EscapeDataString(container)}/json", cancellation));

    /// <summary>All containers, running or not; those that carry all the labels (NAME=VALUE) when some are given.</summary>
    public async Task<IReadOnlyList<ContainerState>> ListAsync(IReadOnlyList<string> labels, CancellationToken cancellation)
    {
        string filters = labels.Count == 0 ? "" : "&filters=" + Uri.EscapeDataString(
            $"{{\"label\":[{string.Join(',', labels.Select(static label => $"\"{JsonEncodedText.Encode(label)}\""))}]}}");
        JsonElement list = await JsonAsync("/containers/json?all=true" + filters, cancellation);
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(ContainerState.OfList)] : [];
    }

    /// <summary>The last lines of its output.</summary>
    public async Task<string> LogAsync(ContainerState container, int lines, CancellationToken cancellation)
    {
        byte[] bytes = await BytesAsync($"/containers/{container.Id}/logs?stdout=true&stderr=true&tail={lines}", cancellation);
        return EngineLog.Text(bytes, container.HasTerminal);
    }

    /// <summary>The engine's name and version.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellation)
    {
        JsonElement version = await JsonAsync("/version", cancellation);
        return version.ValueKind == JsonValueKind.Object && version.TryGetProperty("Version", out JsonElement text) ? text.ToString() : "?";
    }

    /// <summary>Does something to a container and waits until the engine says that it is done.</summary>
    /// <param name="container">Its id.</param>
    /// <param name="act">start, stop?t=10, restart?t=10.</param>
    /// <param name="cancellation">Ends the waiting; the engine goes on.</param>
    public async Task ActAsync(string container, string act, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, $"/containers/{Uri.EscapeDataString(container)}/{act}", cancellation);
        if (!answer.IsSuccessStatusCode && (int)answer.StatusCode != 304)
        {
            throw await FaultAsync(answer, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<EngineException> FaultAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        string text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var json = JsonDocument.Parse(text);
            text = json.RootElement.TryGetProperty("message", out JsonElement message) ? message.ToString() : text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not its usual form: the text itself then.
        }

        string shown = string.Concat(text.Take(500).Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
        return new EngineException($"the container engine says: {shown} (status {(int)answer.StatusCode})", (int)answer.StatusCode);
    }

    private async Task<JsonElement> JsonAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await BytesAsync(path, cancellation));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new EngineException("the container engine's answer is no JSON", 0, e);
        }
    }

    private async Task<byte[]> BytesAsync(string path, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, both.Token);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(both.Token) : throw await FaultAsync(answer, both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new EngineException($"the container engine did not answer within {AnswerTimeout.TotalSeconds:0} s ({_socket})");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            return await _client.SendAsync(request, cancellation);
        }
        catch (HttpRequestException e)
        {
            string advice = e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? ": the agent's user must be in the socket's group (docker), which gives it as much power as root" : "";
            throw new EngineException($"{_socket}: {e.InnerException?.Message ?? e.Message}{advice}", 0, e);
        }
    }
}
