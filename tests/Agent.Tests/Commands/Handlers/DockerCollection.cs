namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>Tests that share one Docker daemon, one after the other.</summary>
[CollectionDefinition("docker")]
public sealed class DockerCollection : ICollectionFixture<DockerFixture>;
