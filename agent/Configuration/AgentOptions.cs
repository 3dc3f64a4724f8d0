using HostAgent.Agent.Commands;
using HostAgent.Agent.Enrolment;
using HostAgent.Agent.Sampling;
using HostAgent.Agent.Spool;
using HostAgent.Agent.Streaming;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Configuration;

/// <summary>Everything an operator may decide about the agent, room by room.</summary>
public sealed record AgentOptions
{
    /// <summary>Where the agent keeps its identity and its spool. Default: /var/lib/hostagent for root, otherwise
    /// $XDG_STATE_HOME/hostagent (~/.local/state/hostagent).</summary>
    public string StateDirectory { get; init; } = StateDirectories.Default;

    /// <summary>Name of this host for people; becomes the label <c>host</c>. Null: what the system calls itself.</summary>
    public string? HostName { get; init; }

    /// <summary>Labels added to every series of this host, by name. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Least severe messages that are logged; default information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>What is sampled and how often.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>What is kept while the aggregator has not acknowledged it.</summary>
    public SpoolOptions Spool { get; init; } = new();

    /// <summary>Where samples go.</summary>
    public StreamingOptions Stream { get; init; } = new();

    /// <summary>What may be done to this host.</summary>
    public CommandOptions Commands { get; init; } = new();

    /// <summary>How it comes to belong.</summary>
    public EnrolmentOptions Enrolment { get; init; } = new();

    /// <summary>Databases and checks that commands may name. Default: none.</summary>
    public LocalTargets Targets { get; init; } = new();
}
