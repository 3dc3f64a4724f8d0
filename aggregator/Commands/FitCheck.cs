using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>Holds a request against what each target's agent offers.</summary>
internal sealed class FitCheck(TargetResolver resolver, AgentCatalog catalog, CommandTable table, Dispatcher dispatcher, CommandOptions options)
{
    /// <summary>The command as it would be accepted.</summary>
    /// <exception cref="CommandException">It means no host or too many.</exception>
    public CommandPlan Plan(CommandRequest request, long notBeforeUnixMs, long notAfterUnixMs, long nowUnixMs)
    {
        IReadOnlyList<TargetResolver.Target> meant = resolver.Resolve(request.On);
        if (meant.Count > options.MaxTargets)
        {
            throw CommandException.Invalid("on", $"\"{request.On}\" means {meant.Count} hosts; one command reaches at most {options.MaxTargets}.");
        }

        Arg[] args = [.. request.Args.Select(static a => new Arg { Name = a.Key, Value = a.Value })];
        var targets = new List<CommandPlan.Target>(meant.Count);
        var offers = new List<CommandKindDef>();
        lock (table.Gate)
        {
            foreach (TargetResolver.Target host in meant)
            {
                CommandKindDef? offer = catalog.Kind(host.Id, request.Kind);
                string? against = Against(host, request, offer, args);
                targets.Add(new CommandPlan.Target(host.Id, host.Name, dispatcher.IsAttached(host.Id), against));
                if (offer is not null && against is null)
                {
                    offers.Add(offer);
                }
            }
        }

        CommandPlan.Target[] fit = [.. targets.Where(static t => t.Against is null)];
        uint defaultTimeout = offers.Count == 0 ? 0 : offers.Max(static o => o.DefaultTimeoutMs);
        // A dry run changes nothing, so agents do not ask for signatures.
        uint signatures = request.DryRun || offers.Count == 0 ? 0 : offers.Max(static o => o.Signatures);
        var record = new CommandRecord
        {
            Id = request.Id ?? "",
            Kind = request.Kind,
            Args = new SortedDictionary<string, string>(request.Args.ToDictionary(), StringComparer.Ordinal),
            SecretArgs = [.. offers.SelectMany(static o => o.Args).Where(static a => a.Secret).Select(static a => a.Name).Distinct()],
            Targets = [.. fit.Select(static t => t.Id)],
            Names = [.. fit.Select(static t => t.Name)],
            On = request.On,
            NotBeforeUnixMs = notBeforeUnixMs,
            NotAfterUnixMs = notAfterUnixMs,
            TimeoutMs = request.TimeoutMs,
            LongestMs = request.TimeoutMs == 0 ? defaultTimeout : request.TimeoutMs,
            Precondition = request.Precondition,
            DryRun = request.DryRun,
            Changes = offers.Any(static o => o.Changes),
            Signatures = [.. request.Signatures],
            SignaturesNeeded = signatures,
            RequestedBy = request.RequestedBy,
            CreatedUnixMs = nowUnixMs,
            Fingerprint = "",
            Rollout = request.Rollout,
            Phase = Approvals.Count(request.Signatures) >= signatures ? CommandPhase.Open : CommandPhase.PendingApproval,
        };
        Approvals.Check(request.Signatures);
        return new CommandPlan(record, targets, offers.FirstOrDefault()?.Help ?? "");
    }

    private string? Against(TargetResolver.Target host, CommandRequest request, CommandKindDef? offer, Arg[] args)
        => request.MayAct is { } mayAct && (host.Host is null || !mayAct(host.Host)) ? "it is outside of the scopes of your token"
            : offer is not null ? !offer.Allowed ? $"its policy does not allow {request.Kind}" : ArgCheck.Check(offer.Args, args, out _)
            : catalog.Knows(host.Id) ? $"its agent does not know {request.Kind}"
            : "its agent has never attached for commands";
}
