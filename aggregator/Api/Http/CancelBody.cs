namespace HostAgent.Aggregator.Api.Http;

/// <summary>Why something is cancelled.</summary>
/// <param name="Reason">For the record.</param>
internal sealed record CancelBody(string? Reason);
