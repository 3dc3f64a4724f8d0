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
    private readonly Credential? _credential;

    /// <param name="location">Where it is, and who said so.</param>
    /// <param name="credential">The token to show; null for none.</param>
    /// <param name="ca">PEM of the authority that signs its certificate; null for those of this machine.</param>
    /// <exception cref="CliException">The token would cross the network unencrypted, or the authority cannot be read.</exception>
    public AggregatorClient(AggregatorLocation location, Credential? credential = null, string? ca = null)
    {
        (Url, _namedBy, _credential) = (location.Url, location.NamedBy, credential);
        if (credential is not null && Url.Scheme == Uri.UriSchemeHttp && !Url.IsLoopback)
        {
            throw new CliException(ExitCodes.Usage, $"the token ({credential.Source}) is not sent to {Url}: over http everybody on the way could read it; use https");
        }

        // A path prefix of a reverse proxy stays in front of every request. No redirects: a token goes where it was meant to go.
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = credential is null,
            SslOptions = AggregatorAuthority.Tls(ca, "--ca"),
        })
        {
            BaseAddress = new Uri(Url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(40),
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("hostctl/" + Version);
        if (credential is not null && !_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + credential.Token))
        {
            throw new CliException(ExitCodes.Usage, $"what {credential.Source} holds is no token");
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
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(pathAndQuery, UriKind.Relative));
        return await SendAsync(request, alsoAnswers, cancellationToken);
    }

    /// <summary>The body of the answer to a change.</summary>
    /// <param name="path">Relative, without a leading slash.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the change was made is then not known.</param>
    /// <exception cref="CliException">The aggregator cannot be reached, refuses, or is none.</exception>
    public async Task<byte[]> PostAsync(string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        }

        return await SendAsync(request, HttpStatusCode.OK, cancellationToken);
    }

    private async Task<byte[]> SendAsync(HttpRequestMessage request, HttpStatusCode alsoAnswers, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        byte[] body;
        try
        {
            response = await _http.SendAsync(request, cancellationToken);
            body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable((e.InnerException as SocketException)?.Message ?? e.InnerException?.Message ?? e.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable("no answer in time");
        }

        using (response)
        {
            bool answers = response.IsSuccessStatusCode || response.StatusCode == alsoAnswers;
            return answers && (body.Length == 0 || response.Content.Headers.ContentType?.MediaType == "application/json") ? body : throw Refused(response, body);
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
            : status is 401 or 403 ? ExitCodes.NoPermission
            : status is 409 or 422 || problem.Type == "urn:hostagent:problem:over-limit" ? ExitCodes.NotDone
            : status == 429 ? ExitCodes.Unreachable
            : status is >= 400 and < 500 ? ExitCodes.Usage
            : status is 503 or 504 ? ExitCodes.Unreachable
            : ExitCodes.Software;
        string wait = response.Headers.RetryAfter?.Delta is { } delta ? $" (in {delta.TotalSeconds:0} s)" : "";
        string shown = status is 401 or 403 ? _credential is null ? "\nNo token was shown." : $"\nThe token came from {_credential.Source}." : "";
        return new CliException(exitCode, (problem.Detail ?? problem.Title ?? $"the aggregator answers with HTTP {status}") + wait + shown);
    }
}
