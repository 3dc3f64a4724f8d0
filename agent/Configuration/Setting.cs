namespace HostAgent.Agent.Configuration;

/// <summary>A value that somebody has set, and where.</summary>
/// <param name="Name">Key, nested keys joined by dots.</param>
/// <param name="Value">Text as written.</param>
/// <param name="Place">For messages: <c>FILE:LINE</c>, <c>--option</c> or the environment variable.</param>
internal readonly record struct Setting(string Name, string Value, string Place);
