using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The authorities of this aggregator at one instant. There is one, and during a rotation a second one that has begun to take over.
/// Not disposed: a handshake may still use one that was replaced.</summary>
/// <param name="ForServer">Signs the server's certificate: the one every host knows. With its key.</param>
/// <param name="ForHosts">Signs hosts' certificates: the next one during a rotation, else the same. With its key.</param>
internal sealed record AuthoritySet(X509Certificate2 ForServer, X509Certificate2 ForHosts)
{
    /// <summary>Whether a rotation is under way.</summary>
    public bool IsRotating => !ReferenceEquals(ForServer, ForHosts);

    /// <summary>All of which certificates are accepted, the newest first; what hosts are told to trust.</summary>
    public IReadOnlyList<X509Certificate2> Trusted => IsRotating ? [ForHosts, ForServer] : [ForServer];
}
