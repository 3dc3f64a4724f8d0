using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The certificate the gRPC listener shows, looked after while the program runs: once a day it is checked and, when due, renewed
/// for the handshakes from then on, so that an aggregator that runs for years needs no restart.</summary>
internal sealed partial class ServerCertificate : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromHours(24);

    private readonly CertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _log;
    private volatile SslStreamCertificateContext _context;
    private DateTimeOffset _notAfter;

    public ServerCertificate(CertificateFiles files, TimeProvider time, ILogger<ServerCertificate> log)
    {
        _files = files;
        _time = time;
        _log = log;
        _context = Load();
    }

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
        using var timer = new PeriodicTimer(CheckInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _context = Load();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogRenewalFailed(e);
            }
        }
    }

    private SslStreamCertificateContext Load()
    {
        (X509Certificate2 server, X509Certificate2 authority) = _files.Ensure(out string? reason);
        DateTime notAfter = server.NotAfter.ToUniversalTime();
        if (reason is not null)
        {
            LogMade(reason, notAfter, _files.CaFile);
        }

        _notAfter = notAfter;
        return SslStreamCertificateContext.Create(server, [authority], offline: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}; valid until {NotAfter:u}; agents verify it with {CaFile}")]
    private partial void LogMade(string reason, DateTime notAfter, string caFile);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificates could not be checked or renewed; trying again tomorrow")]
    private partial void LogRenewalFailed(Exception exception);
}
