namespace HostAgent.Aggregator.Api.Http;

/// <summary>Carries a <see cref="Http.Listener"/> on a connection or an endpoint.</summary>
internal sealed record ListenerFeature(Listener Listener);
