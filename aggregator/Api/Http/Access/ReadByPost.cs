namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Metadata of an endpoint whose POST only reads: questions too long for an address. Such a call is neither audited nor rated as a change.</summary>
internal sealed record ReadByPost;
