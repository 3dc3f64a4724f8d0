using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Agent.Streaming;

/// <summary>What a connection shows and believes.</summary>
/// <param name="Certificate">This host's; null: none.</param>
/// <param name="Authorities">Of the aggregator's certificate, unless a file was set (<see cref="StreamingOptions.CaFile"/>). Empty: those this machine
/// trusts.</param>
internal sealed record ChannelTrust(SslStreamCertificateContext? Certificate, IReadOnlyList<X509Certificate2> Authorities)
{
    /// <summary>Nothing to show, nobody in particular to believe.</summary>
    public static ChannelTrust None { get; } = new(null, []);
}
