using HostAgent.Agent.Commands;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Cli;

/// <summary>The running agent for the commands that concern it.</summary>
/// <param name="running">What reads the samplers; there is one before the first command runs.</param>
/// <param name="options">The options it was started with.</param>
/// <param name="reread">Reads settings file, environment and command line anew.</param>
internal sealed class AgentControl(Func<SamplingScheduler> running, AgentOptions options, Func<AgentOptions> reread) : IAgentControl
{
    private readonly Lock _gate = new();
    private AgentOptions _options = options;

    /// <summary>What the settings declare for commands, as last read.</summary>
    public LocalTargets Targets => Volatile.Read(ref _options).Targets;

    public IReadOnlyDictionary<string, TimeSpan> SamplerIntervals => running().Intervals;

    public TimeSpan TickInterval => running().TickInterval;

    public void SetSamplerInterval(string sampler, TimeSpan interval) => running().SetInterval(sampler, interval);

    public IReadOnlyList<string> CheckSettings() => Changes(Volatile.Read(ref _options), Read());

    public IReadOnlyList<string> ReloadSettings()
    {
        lock (_gate)
        {
            AgentOptions now = Read();
            IReadOnlyList<string> changes = Changes(_options, now);
            foreach ((string sampler, TimeSpan interval) in NewIntervals(now))
            {
                running().SetInterval(sampler, interval);
            }

            // What only a start takes over stays as it was, so that the next look names it again.
            Volatile.Write(ref _options, _options with { Targets = now.Targets, Sampling = now.Sampling });
            return changes;
        }
    }

    private AgentOptions Read()
    {
        try
        {
            return reread();
        }
        catch (Exception e) when (e is ConfigurationException or UsageException or UnauthorizedAccessException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private List<string> Changes(AgentOptions old, AgentOptions now)
    {
        List<string> changes = [.. NewIntervals(now).Select(static one => $"sampler {one.Sampler} is read every {one.Interval.TotalSeconds:0.###}s")];
        Compare("database", old.Targets.Databases, now.Targets.Databases, changes);
        Compare("check", old.Targets.Checks, now.Targets.Checks, changes);
        (string Name, bool Differs)[] atStart =
        [
            ("aggregator and stream", !old.Stream.Equals(now.Stream)), ("state", old.StateDirectory != now.StateDirectory), ("name", old.HostName != now.HostName),
            ("log_level", old.LogLevel != now.LogLevel), ("spool", !old.Spool.Equals(now.Spool)), ("labels", !old.Labels.Order().SequenceEqual(now.Labels.Order())),
            ("interval", old.Sampling.Interval != now.Sampling.Interval),
        ];
        changes.AddRange(atStart.Where(static one => one.Differs).Select(static one => $"{one.Name}: changed, waits for the agent's next start"));
        return changes;
    }

    private IEnumerable<(string Sampler, TimeSpan Interval)> NewIntervals(AgentOptions now)
    {
        IReadOnlyDictionary<string, TimeSpan> intervals = running().Intervals;
        return from definition in SamplerCatalog.All
               where intervals.ContainsKey(definition.Name)
               let interval = SamplerSlots.IntervalOf(definition, now.Sampling)
               where interval != intervals[definition.Name] && interval.Ticks % running().TickInterval.Ticks == 0
               select (definition.Name, interval);
    }

    private static void Compare<T>(string what, IReadOnlyDictionary<string, T> old, IReadOnlyDictionary<string, T> now, List<string> changes)
        where T : notnull
    {
        changes.AddRange(now.Keys.Except(old.Keys).Select(name => $"{what} {name} is declared"));
        changes.AddRange(old.Keys.Except(now.Keys).Select(name => $"{what} {name} is declared no more"));
        changes.AddRange(now.Where(one => old.TryGetValue(one.Key, out T? before) && Text(before) != Text(one.Value)).Select(one => $"{what} {one.Key} has changed"));
    }

    private static string Text<T>(T target) => target switch
    {
        CheckTarget check => string.Join('\0', check.Command) + check.Timeout,
        Databases.DatabaseTarget database => $"{database.EnvFile}\0{database.UrlFile}\0{database.Variable}\0{string.Join('\0', database.Retention.Order())}",
        _ => "",
    };
}
