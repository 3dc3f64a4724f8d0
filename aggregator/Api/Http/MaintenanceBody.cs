using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Schedules;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A maintenance window as it is set.</summary>
/// <param name="At">When it begins: a calendar expression.</param>
/// <param name="Zone">IANA time zone. Default: UTC.</param>
/// <param name="Length">How long it lasts, for example 2h.</param>
/// <param name="Schedules">Names of the schedules that hold still. Default: all.</param>
/// <param name="On">Hosts that are worked on.</param>
/// <param name="Reason">Why.</param>
internal sealed record MaintenanceBody(string? At, string? Zone, string? Length, string[]? Schedules, string? On, string? Reason)
{
    /// <summary>As it is stored.</summary>
    /// <exception cref="CommandException">A member has a value that is not allowed.</exception>
    public MaintenanceWindow ToRecord(string name, string who) => new(
        name,
        At ?? throw CommandException.Invalid("at", "Say when it begins."),
        Zone ?? "UTC",
        (long)(CommandBody.Duration("length", Length) ?? throw CommandException.Invalid("length", "Say how long it lasts, for example 2h.")).TotalMilliseconds,
        Schedules ?? [],
        On,
        Reason ?? "",
        who);
}
