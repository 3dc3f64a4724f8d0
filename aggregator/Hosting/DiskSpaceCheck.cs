using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator.Hosting;

/// <summary>Room left where the data directory is: a warning below 10 % or 1 GiB, unhealthy below 100 MiB, where commits soon fail.</summary>
internal sealed class DiskSpaceCheck(DataDirectory directory) : IHealthCheck
{
    private const long MiB = 1 << 20;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var drive = new DriveInfo(directory.Location);
        (long free, long size) = (drive.AvailableFreeSpace, drive.TotalSize);
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free / MiB} MiB of {size / MiB} MiB are free in {directory.Location}");
        return Task.FromResult(Judge(free, size) switch
        {
            HealthStatus.Unhealthy => HealthCheckResult.Unhealthy(detail),
            HealthStatus.Degraded => HealthCheckResult.Degraded(detail),
            _ => HealthCheckResult.Healthy(detail),
        });
    }

    /// <summary>The verdict for these sizes in bytes.</summary>
    internal static HealthStatus Judge(long freeBytes, long sizeBytes)
        => freeBytes < 100 * MiB ? HealthStatus.Unhealthy
            : freeBytes < 1024 * MiB || freeBytes < sizeBytes / 10 ? HealthStatus.Degraded
            : HealthStatus.Healthy;
}
