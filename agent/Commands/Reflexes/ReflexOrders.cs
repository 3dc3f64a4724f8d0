using System.Security.Cryptography;
using HostAgent.Agent.Commands.Execution;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Reflexes;

/// <summary>Makes an order of a reflex whose condition has held for long enough, unless it has had its turns.</summary>
internal sealed partial class ReflexOrders(ExecutorSetup setup, Executor executor)
{
    // Whatever it waits for must not be long: what held then need not hold now.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private readonly HashSet<string> _toldOf = new(StringComparer.Ordinal);

    /// <summary>Orders it, or says once that it may not now. Called on a pool thread.</summary>
    public void Order(ReflexRule rule)
    {
        string by = $"reflex:{rule.Name}";
        long now = setup.Time.GetUtcNow().ToUnixTimeMilliseconds();
        CommandEntry[] own = [.. setup.Journal.Entries().Where(entry => entry.Origin == CommandOrigin.Reflex && entry.Order.RequestedBy == by)];
        if (own.Any(static entry => !entry.HasEnded))
        {
            return;
        }

        if (own.Count(entry => now - entry.ReceivedUnixMs < rule.Limit.Per.TotalMilliseconds) >= rule.Limit.Max)
        {
            lock (_toldOf)
            {
                if (_toldOf.Add(rule.Name))
                {
                    LogUsedUp(setup.Log, rule.Name, rule.Limit.Max, rule.Limit.Per.TotalMinutes);
                }
            }

            return;
        }

        lock (_toldOf)
        {
            _toldOf.Remove(rule.Name);
        }

        LogFires(setup.Log, rule.Name, rule.Kind);
        var body = new OrderBody
        {
            CommandId = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Kind = rule.Kind,
            NotBeforeUnixMs = now,
            NotAfterUnixMs = now + (long)Lifetime.TotalMilliseconds,
        };
        body.Args.Add(rule.Args);
        body.Targets.Add(setup.HostId);
        executor.Submit(new CommandOrder { Body = body, RequestedBy = by }, CommandOrigin.Reflex);
    }

    [LoggerMessage(94, LogLevel.Warning, "Reflex {Name}: its condition holds; {Kind} is ordered")]
    private static partial void LogFires(ILogger log, string name, string kind);

    [LoggerMessage(95, LogLevel.Error, "Reflex {Name}: its condition holds again, but it has run {Max} times in {Minutes} min: somebody has to look")]
    private static partial void LogUsedUp(ILogger log, string name, int max, double minutes);
}
