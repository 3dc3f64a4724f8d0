using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Agent.Sampling.Ports;

namespace HostAgent.Agent.Sampling.Certificates;

/// <summary>A server that speaks TLS from the first byte on: <c>HOST:PORT</c>, and the name to ask for (SNI) and to expect where it is not the host.</summary>
internal sealed record TlsEndpoint(ConnectTarget Target, string ServerName)
{
    /// <summary>What one must be, to end the sentence "it must be ...".</summary>
    public const string Form = "HOST:PORT, an IPv6 address in brackets, and after a blank the name to ask for where it is not HOST";

    /// <summary>Null when <paramref name="text"/> is one, else what it must be.</summary>
    public static string? Check(string text) => Parse(text) is null ? Form : null;

    /// <summary>Reads one; null when the text is none.</summary>
    public static TlsEndpoint? Parse(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length is 1 or 2 && ConnectTarget.Parse(parts[0]) is { } target ? new TlsEndpoint(target, parts.Length == 2 ? parts[1] : target.Host) : null;
    }

    /// <summary>Connects, shakes hands, and looks at what the server shows: also at what is not to be trusted, for that is what is to be told.</summary>
    /// <param name="authorities">PEM file of the authorities to trust; empty: those that this machine trusts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<TlsReport> LookAsync(string authorities, TimeProvider time, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(Target.Host, Target.Port, cancellationToken).ConfigureAwait(false);
            var report = new TlsReport { Failure = "handshake" };
            await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = ServerName,
                CertificateChainPolicy = Policy(authorities, time),
#pragma warning disable CA5359 // Nothing is sent or believed over this connection: what is wrong with the certificate is what it is made to find out.
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    report = Judge(certificate, chain, errors);
                    return true;
                },
#pragma warning restore CA5359
            };
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return report with { Took = time.GetElapsedTime(began) };
        }
        catch (SocketException error)
        {
            return new TlsReport { Failure = ConnectCheck.ReasonOf(error) };
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            return new TlsReport { Failure = "handshake" };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A check says that it failed, whatever it was; an authorities file that cannot be read among them.
            return new TlsReport { Failure = "other" };
        }
    }

    private static TlsReport Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 own || chain is null)
        {
            return new TlsReport { Failure = "handshake" };
        }

        bool isValid = (errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0;
        return new TlsReport
        {
            Certificates = [CertificateFacts.Of(own), .. chain.ChainPolicy.ExtraStore.Where(one => !one.Equals(own)).Take(TlsReport.MaxCertificates - 1).Select(CertificateFacts.Of)],
            IsChainValid = isValid,
            ChainProblem = isValid ? null : chain.ChainStatus.FirstOrDefault().Status.ToString(),
            IsNameRight = (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0,
        };
    }

    // Nothing is downloaded for a check: no revocation lists, no missing authorities.
    private static X509ChainPolicy Policy(string authorities, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().UtcDateTime,
        };
        if (authorities.Length > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(authorities);
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new CryptographicException($"{authorities} holds no certificate in PEM form");
            }
        }

        return policy;
    }
}
