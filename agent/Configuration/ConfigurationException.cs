namespace HostAgent.Agent.Configuration;

/// <summary>A setting is wrong; the message names where it stands, its key, the value and what is allowed.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
