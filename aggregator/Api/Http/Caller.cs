using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Who asks, as commands, schedules and runbooks need to know it.</summary>
internal static class Caller
{
    /// <summary>A name for the journal and people.</summary>
    public static string Of(HttpContext context) => context.Principal().Name;

    /// <summary>The hosts on which the caller may act; null = on all.</summary>
    public static Predicate<HostView>? Scope(HttpContext context)
    {
        Principal principal = context.Principal();
        return principal.Scopes.Count == 0 ? null : principal.MayAct;
    }

    /// <summary>Turns the caller away unless the token is good for every host: what they ask for acts later, and on hosts that nobody knows yet.</summary>
    /// <exception cref="ApiException">403.</exception>
    public static void RequireAllHosts(HttpContext context)
    {
        if (context.Principal().Scopes.Count > 0)
        {
            throw new ApiException(
                StatusCodes.Status403Forbidden, "scope", "The host is outside of the token's scopes",
                "This token acts on some hosts only; schedules and runbooks need one without scopes.");
        }
    }

    /// <summary>Turns the caller away unless they may act on every host of the command.</summary>
    /// <exception cref="ApiException">403; the audit says which host.</exception>
    public static void RequireHostsOf(HttpContext context, IHostDirectory hosts, Command command)
    {
        if (context.Principal().Scopes.Count == 0)
        {
            return;
        }

        foreach (string id in command.Record.Targets)
        {
            context.RequireMayAct(hosts.Find(id) ?? throw ApiException.NoSuchHost(id));
        }
    }

    /// <summary>What the audit says about a command.</summary>
    public static void Audited(HttpContext context, Command command)
    {
        AuditScope audit = context.Audit();
        CommandRecord record = command.Record;
        audit.Target = record.Id;
        audit.Details["kind"] = record.Kind;
        audit.Details["on"] = record.On.Length > 256 ? record.On[..256] + "..." : record.On;
        audit.Details["hosts"] = record.Targets.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (record.DryRun)
        {
            audit.Details["dry run"] = "true";
        }

        foreach ((string name, string value) in record.Args.Where(arg => !record.SecretArgs.Contains(arg.Key)))
        {
            audit.Details["arg " + name] = value.Length > 256 ? value[..256] + "..." : value;
        }
    }
}
