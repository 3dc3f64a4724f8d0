namespace HostAgent.Aggregator.Api.Http;

/// <summary>A final state that came after the run had ended otherwise.</summary>
/// <param name="State">What the agent says.</param>
/// <param name="Message">Its message.</param>
/// <param name="Received">When it came.</param>
internal sealed record LateReportResponse(string State, string Message, string Received);
