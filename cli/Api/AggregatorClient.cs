using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HostAgent.Cli.Api;

/// <summary>Asks one aggregator over HTTP and turns what goes wrong into messages an operator can act on.</summary>
internal sealed partial class AggregatorClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _namedBy;

    /// <param name="location">Where it is, and who said so.</param>
    /// <param name="token">Shown with every request; null = none.</param>
    public AggregatorClient((Uri Url, string NamedBy) location, string? token = null)
    {
        (Url, _namedBy) = location;
        // A path prefix of a reverse proxy stays in front of every request.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = new Uri(Url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(40),
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("hostctl/" + Version);
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    /// <summary>The version of hostctl, for example 0.1.0.</summary>
    public static string Version { get; } =
        typeof(AggregatorClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Where the aggregator is.</summary>
    public Uri Url { get; }

    /// <summary>The body of an answer, as it came.</summary>
    /// <param name="pathAndQuery">Relative, without a leading slash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="alsoAnswers">A status other than success whose body is an answer all the same.</param>
    /// <exception cref="CliException">The aggregator cannot be reached, refuses, or is none.</exception>
    public async Task<byte[]> GetAsync(string pathAndQuery, CancellationToken cancellationToken, HttpStatusCode alsoAnswers = HttpStatusCode.OK)
    {
        HttpResponseMessage response;
        byte[] body;
        try
        {
            response = await _http.GetAsync(new Uri(pathAndQuery, UriKind.Relative), cancellationToken);
            body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e.InnerException is SocketException socket ? socket.Message : e.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable("no answer in time");
        }

        using (response)
        {
            if ((response.IsSuccessStatusCode || response.StatusCode == alsoAnswers) && response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                return body;
            }

            throw Refused(response, body);
        }
    }

    /// <summary>The answer, understood.</summary>
    /// <exception cref="CliException">As <see cref="GetAsync"/>; also when the answer is not what an aggregator would say.</exception>
    public async Task<T> GetAsync<T>(string pathAndQuery, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        => Understand(await GetAsync(pathAndQuery, cancellationToken), type);

    /// <summary>An answer's body, understood.</summary>
    /// <exception cref="CliException">It is not what an aggregator would say.</exception>
    public T Understand<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCodes.Software, $"{Url} answers, but not as an aggregator of this version would ({e.Message}); is it one?");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private CliException Unreachable(string why)
        => new(ExitCodes.Unreachable, $"cannot reach the aggregator at {Url} (named by {_namedBy}): {why}\n"
            + "Start it with \"hostaggregator serve\", or name another with --aggregator URL or HOSTCTL_AGGREGATOR.");

    private CliException Refused(HttpResponseMessage response, byte[] body)
    {
        int status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new CliException(ExitCodes.Software, $"{Url} answers with HTTP {status} and no explanation; is it an aggregator?");
        }

        Problem problem = Understand(body, ClientJson.Default.Problem);
        int exitCode = problem.Type is "urn:hostagent:problem:host" or "urn:hostagent:problem:not-found" ? ExitCodes.Negative
            : status is 409 or 422 or 429 ? ExitCodes.NotDone
            : status is >= 400 and < 500 ? ExitCodes.Usage
            : status is 503 or 504 ? ExitCodes.Unreachable
            : ExitCodes.Software;
        return new CliException(exitCode, problem.Detail ?? problem.Title ?? $"the aggregator answers with HTTP {status}");
    }
}
