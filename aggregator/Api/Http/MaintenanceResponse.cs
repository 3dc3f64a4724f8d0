using HostAgent.Aggregator.Schedules;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>All maintenance windows, by name.</summary>
/// <param name="Windows">The windows.</param>
internal sealed record MaintenanceResponse(IReadOnlyList<MaintenanceResponse.Window> Windows)
{
    /// <summary>A maintenance window.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="At">When it begins: a calendar expression.</param>
    /// <param name="Zone">IANA time zone.</param>
    /// <param name="LengthMs">How long it lasts.</param>
    /// <param name="Schedules">Names of the schedules that hold still; empty = all.</param>
    /// <param name="On">Hosts that are worked on.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="SetBy">Who set it last.</param>
    /// <param name="OpenUntil">When the one that is open now ends; null = none is.</param>
    internal sealed record Window(
        string Name, string At, string Zone, long LengthMs, IReadOnlyList<string> Schedules, string? On, string Reason, string SetBy, string? OpenUntil);

    /// <summary>Translates.</summary>
    public static Window From(MaintenanceWindow window, DateTimeOffset now) => new(
        window.Name, window.At, window.Zone, window.LengthMs, window.Schedules, window.On, window.Reason, window.SetBy,
        window.OpenUntil(now) is { } end ? ApiTime.Format(end.ToUnixTimeMilliseconds()) : null);
}
