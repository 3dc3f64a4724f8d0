namespace HostAgent.Aggregator.Api.Http;

/// <summary>Commands, the newest first.</summary>
/// <param name="Commands">Without their hosts.</param>
/// <param name="Next">The value of before that gives the following ones; null = there are none.</param>
internal sealed record CommandsResponse(IReadOnlyList<CommandResponse> Commands, string? Next);
