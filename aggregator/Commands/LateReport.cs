using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>A final state that an agent reported after the run had ended otherwise: kept, but it changes nothing.</summary>
/// <param name="State">What the agent says.</param>
/// <param name="Message">Its message.</param>
/// <param name="ReceivedUnixMs">When it came.</param>
public sealed record LateReport(CommandState State, string Message, long ReceivedUnixMs);
