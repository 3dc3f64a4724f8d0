using System.Net;
using HostAgent.Aggregator.Logging;

namespace HostAgent.Aggregator.Hosting;

/// <summary>What an operator can set, already validated. See <see cref="SettingsReader"/> for where the values come from.</summary>
internal sealed record AggregatorOptions
{
    /// <summary>Where everything is kept: store, certificates, endpoints.json. Absolute. Made when missing, mode 0700.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>HTTP API and /metrics. Port 0 picks a free one. Default 127.0.0.1:7480.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 7480);

    /// <summary>gRPC for agents, TLS. Port 0 picks a free one. Default 127.0.0.1:7443.</summary>
    public IPEndPoint Grpc { get; init; } = new(IPAddress.Loopback, 7443);

    /// <summary>Lets <see cref="Http"/> and <see cref="Grpc"/> be addresses that other machines reach. Default false. A
    /// remote <see cref="Http"/> is HTTPS and answers nobody without a token.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>File whose first line is the passphrase of the authority's key. Null: the key is not encrypted.</summary>
    public string? PassphraseFile { get; init; }

    /// <summary>More names and addresses that agents reach the gRPC listener by, for its certificate. Default none: localhost, this machine's name
    /// and the loopback addresses are always in it.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Life of a host's certificate, 3 s to 1 year. Default 7 days.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Requests from this machine to a loopback <see cref="Http"/> may read without a token. Default true.</summary>
    public bool AnonymousRead { get; init; } = true;

    /// <summary><see cref="Http"/> is reached by other machines, and therefore HTTPS.</summary>
    public bool HttpIsRemote => !IPAddress.IsLoopback(Http.Address);

    /// <summary>Default <see cref="LogFormat.Auto"/>.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>The least severe level that is logged. Default Information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Reads <see cref="PassphraseFile"/>; null when there is none.</summary>
    /// <exception cref="StartException">It cannot be read, or is empty.</exception>
    public string? Passphrase() => PassphraseFile is { } file ? Hosting.PassphraseFile.Read(file) : null;
}
