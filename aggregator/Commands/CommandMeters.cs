using HostAgent.Aggregator.Metrics;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>What the dispatcher says about itself.</summary>
internal sealed class CommandMeters(MetricRegistry metrics, TimeProvider time)
{
    private static readonly double[] Bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

    private readonly MetricHistogram _dispatch = metrics.Histogram(
        "hostaggregator_command_dispatch_seconds", "Time from the acceptance of a command until its order was written to an agent's stream.", Bounds);

    /// <summary>A command was accepted.</summary>
    public void Accepted(string kind) => metrics.Counter("hostaggregator_commands_accepted_total", "Commands accepted.", ("kind", kind)).Increment();

    /// <summary>A run got its final state.</summary>
    public void Ended(string kind, CommandState state)
        => metrics.Counter("hostaggregator_command_runs_total", "Runs of commands on hosts that ended, by final state.", ("kind", kind), ("state", state.Word()))
            .Increment();

    /// <summary>An order was written.</summary>
    public void Written(long acceptedTimestamp) => _dispatch.Observe(time.GetElapsedTime(acceptedTimestamp).TotalSeconds);

    /// <summary>Registers the number of agents that can be reached now.</summary>
    public void Attached(Func<double> count) => metrics.Gauge("hostaggregator_command_agents_attached", "Agents that commands reach at once.", count);
}
