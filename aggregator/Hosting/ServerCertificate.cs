using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The certificate the gRPC listener shows and the authorities it trusts, looked after while the program runs: once a day they are
/// checked and, when due, renewed for the handshakes from then on, and a rotation of the authority takes hold within seconds, so that an
/// aggregator that runs for years needs no restart.</summary>
internal sealed partial class ServerCertificate : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2); // whether `hostaggregator ca` was here
    private static readonly TimeSpan CheckInterval = TimeSpan.FromHours(24);

    private readonly CertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _log;
    private volatile SslStreamCertificateContext _context;
    private volatile AuthoritySet _authorities;
    private string _stamp = "";
    private DateTimeOffset _checked;
    private DateTimeOffset _notAfter;

    public ServerCertificate(CertificateFiles files, TimeProvider time, ILogger<ServerCertificate> log)
    {
        _files = files;
        _time = time;
        _log = log;
        Load();
    }

    /// <summary>Whom to trust, and who signs, now.</summary>
    public AuthoritySet Authorities => _authorities;

    /// <summary>What a handshake that begins now uses.</summary>
    public SslStreamCertificateContext Context => _context;

    /// <summary>Absolute path of the certificate that clients verify it with.</summary>
    public string CaFile => _files.CaFile;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        double daysLeft = (_notAfter - _time.GetUtcNow()).TotalDays;
        string detail = $"server certificate ends {_notAfter:u}";
        return Task.FromResult(daysLeft switch
        {
            <= 0 => HealthCheckResult.Unhealthy(detail),
            < 7 => HealthCheckResult.Degraded(detail),
            _ => HealthCheckResult.Healthy(detail),
        });
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (_files.Authority.Stamp != _stamp || _time.GetUtcNow() - _checked >= CheckInterval)
                {
                    Load();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StartException)
            {
                _checked = _time.GetUtcNow();
                LogRenewalFailed(e);
            }
        }
    }

    [MemberNotNull(nameof(_context), nameof(_authorities))]
    private void Load()
    {
        _stamp = _files.Authority.Stamp;
        (X509Certificate2 server, AuthoritySet authorities) = _files.Ensure(out string? reason);
        DateTime notAfter = server.NotAfter.ToUniversalTime();
        if (reason is not null)
        {
            LogMade(reason, notAfter, _files.CaFile);
        }

        if (_authorities is not null && _authorities.IsRotating != authorities.IsRotating)
        {
            LogAuthorities(authorities.IsRotating ? "a new authority signs hosts' certificates from now on; both are trusted" : "only the new authority is trusted from now on");
        }

        (_notAfter, _checked, _authorities) = (notAfter, _time.GetUtcNow(), authorities);
        _stamp = _files.Authority.Stamp;
        _context = SslStreamCertificateContext.Create(server, [authorities.ForServer], offline: true);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rotation of the authority: {What}")]
    private partial void LogAuthorities(string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}; valid until {NotAfter:u}; agents verify it with {CaFile}")]
    private partial void LogMade(string reason, DateTime notAfter, string caFile);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificates could not be checked or renewed; trying again tomorrow")]
    private partial void LogRenewalFailed(Exception exception);
}
