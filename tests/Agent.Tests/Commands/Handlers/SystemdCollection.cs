namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>Tests that share one systemd, one after the other.</summary>
[CollectionDefinition("systemd")]
public sealed class SystemdCollection : ICollectionFixture<SystemdFixture>;
