using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Faults;
using HostAgent.Torture.Lanes;

namespace HostAgent.Torture.Subjects;

/// <summary>The agents of a run. Each can be killed and cut off; the second one's disk gets into trouble; the third one runs on the shared
/// runtime, its wall clock jumps and its spool is damaged.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly TortureOptions _options;
    private readonly AggregatorSubject _aggregator;
    private readonly SmallDisk? _disk;
    private readonly WallClock? _clock;

    /// <summary>Prepares them; nothing is started.</summary>
    public Fleet(TortureOptions options, string directory, Disks disks, AggregatorSubject aggregator, Chronicle chronicle)
    {
        _options = options;
        _aggregator = aggregator;
        _disk = disks.Agent.Disk;
        for (int number = 1; number <= options.Agents; number++)
        {
            string name = $"agent-{number}";
            string own = Directory.CreateDirectory(Path.Combine(directory, name)).FullName;
            bool isManaged = number == 3 && File.Exists(Programs.ManagedAgent);
            if (number == 3)
            {
                string reason = "the agent is not built for the shared runtime (dotnet build agent)";
                _clock = isManaged ? WallClock.TryCreate(own, out reason) : null;
                if (_clock is null)
                {
                    chronicle.Say("harness", $"no clock jumps: {reason}");
                }
            }

            string settings = Path.Combine(own, "agent.yaml");
            File.WriteAllText(settings, Settings(options, number));
            Agents.Add(new AgentSubject(name, own, options.Interval, chronicle)
            {
                Program = isManaged ? Programs.ManagedAgent : Programs.Agent,
                ConfigFile = settings,
                Variables = number == 3 && _clock is not null ? _clock.Variables : new Dictionary<string, string>(),
                StateDirectory = number == 2 ? Path.Combine(disks.Agent.Path, "state") : Path.Combine(own, "state"),
            });
        }

        aggregator.Listening += port => Agents.ForEach(a => a.Link.UpstreamPort = port);
    }

    /// <summary>All of them.</summary>
    public List<AgentSubject> Agents { get; } = [];

    /// <summary>Starts all.</summary>
    public void StartAll() => Agents.ForEach(a => a.Start(_aggregator.CaFile));

    /// <summary>What will go wrong with them.</summary>
    public IEnumerable<Lane> Lanes()
    {
        foreach ((int index, AgentSubject agent) in Agents.Index())
        {
            IReadOnlyList<Fault> faults = ProgramFaults.Of(agent, _aggregator);
            yield return new Lane(agent.Name, _options.Seed, (1, 8), index == 2 ? [.. faults, .. SpoolFaults.Of(agent, _aggregator)] : faults);
            yield return new Lane($"link-{index + 1}", _options.Seed, (2, 15), LinkFaults.Of(agent.Link));
        }

        if (_disk is not null && Agents.Count > 1)
        {
            yield return new Lane("disk-2", _options.Seed, (5, 20), DiskFaults.Of(_disk, _ => Agents[1].NoteSpoolTrouble()));
        }

        if (_clock is not null)
        {
            yield return new Lane("clock-3", _options.Seed, (8, 30), _clock.Faults());
        }
    }

    /// <summary>Links forward, clocks are right.</summary>
    public void HealAll()
    {
        foreach (AgentSubject agent in Agents)
        {
            agent.Link.Fault = LinkFault.None;
            agent.Link.Cut();
        }

        _clock?.Restore();
    }

    /// <summary>Quick to come back, so that there is something to break; its own figures in every tick, so that one value per tick is known.
    /// The first agent has the patience of an ordinary one, the second a spool that is soon full.</summary>
    private static string Settings(TortureOptions options, int number) => $"""
        samplers:
          self:
            interval: {options.Interval.TotalMilliseconds:0}ms
        stream:
          min_reconnect_delay: 100ms
          max_reconnect_delay: 1s
          connect_timeout: 2s
          ack_timeout: 5s
          max_ack_delay: {(number == 1 ? "2s" : "200ms")}
        spool:
          spill_after: {(number == 1 ? "5s" : "1s")}
          max_segment_bytes: {(number == 2 ? "64KiB" : "256KiB")}
          max_disk_bytes: {(number == 2 ? "128KiB" : "64MiB")}

        """;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (AgentSubject agent in Agents)
        {
            await agent.DisposeAsync();
        }

        _clock?.Dispose();
    }
}
