using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Hosts;
using HostAgent.Protos.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A command as it is asked for.</summary>
internal sealed record CommandBody
{
    /// <summary>Idempotency key, 32 lower-case hex digits chosen at random. Asking again with the same id and content gives the same command.</summary>
    public string? Id { get; init; }

    /// <summary>Kind, for example service.restart; GET /v1/kinds lists them.</summary>
    public string? Kind { get; init; }

    /// <summary>Arguments by name.</summary>
    public Dictionary<string, string>? Args { get; init; }

    /// <summary>Which hosts: all; names or ids separated by commas; label=value pairs; or a selector in braces.</summary>
    public string? On { get; init; }

    /// <summary>How long it may wait before it begins, for example 5m. Default: 5m.</summary>
    public string? ExpiresIn { get; init; }

    /// <summary>Agents do not begin earlier; unix milliseconds. For orders that were signed before they are sent.</summary>
    public long? NotBeforeUnixMs { get; init; }

    /// <summary>Agents do not begin later; unix milliseconds. For orders that were signed before they are sent.</summary>
    public long? NotAfterUnixMs { get; init; }

    /// <summary>Time it may take once begun, for example 30s. Default: as the kind says.</summary>
    public string? Timeout { get; init; }

    /// <summary>What must hold on the host when it begins.</summary>
    public string? Precondition { get; init; }

    /// <summary>Say what would be done, do nothing.</summary>
    public bool? DryRun { get; init; }

    /// <summary>Leave out hosts that cannot or may not do it, instead of refusing the command.</summary>
    public bool? SkipUnfit { get; init; }

    /// <summary>In which steps. Default: all hosts at once.</summary>
    public RolloutBody? Rollout { get; init; }

    /// <summary>Operators' signatures over the order.</summary>
    public SignatureBody[]? Signatures { get; init; }

    /// <summary>As the dispatcher takes it.</summary>
    /// <exception cref="CommandException">A member has a value that is not allowed.</exception>
    public CommandRequest ToRequest(string requestedBy, Predicate<HostView>? mayAct) => new()
    {
        Id = Id,
        Kind = Kind ?? throw CommandException.Invalid("kind", "Say which kind of command; GET /v1/kinds lists them."),
        Args = Args ?? [],
        On = On ?? throw CommandException.Invalid("on", "Say which hosts: all, names, label=value or a selector in braces."),
        ExpiresIn = Duration("expiresIn", ExpiresIn),
        NotBeforeUnixMs = NotBeforeUnixMs ?? 0,
        NotAfterUnixMs = NotAfterUnixMs ?? 0,
        TimeoutMs = (uint)Math.Min(uint.MaxValue, (Duration("timeout", Timeout) ?? TimeSpan.Zero).TotalMilliseconds),
        Precondition = Precondition ?? "",
        DryRun = DryRun ?? false,
        SkipUnfit = SkipUnfit ?? false,
        Rollout = Rollout?.ToPlan(),
        Signatures = [.. (Signatures ?? []).Select(static s => s.ToRecord())],
        RequestedBy = requestedBy,
        MayAct = mayAct,
    };

    /// <summary>A duration longer than 0; null when nothing is given.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    internal static TimeSpan? Duration(string field, string? text)
        => text is null ? null
            : ArgCheck.TryParseDuration(text, out TimeSpan duration) && duration > TimeSpan.Zero ? duration
            : throw CommandException.Invalid(field, $"\"{text}\" is no duration; write for example 30s, 5m or 1h30m.");
}
