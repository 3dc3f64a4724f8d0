namespace HostAgent.Agent.Configuration;

/// <summary>One setting: the same name in the file, the environment and the messages.</summary>
/// <param name="Name">Key in the file, nested keys joined by dots.</param>
/// <param name="Default">As it would be written in the file; empty: none.</param>
/// <param name="Allowed">What a value must be, to end the sentence "it must be ...".</param>
/// <param name="Help">What it does, with the meaning of leaving it out.</param>
/// <param name="Apply">Options with this setting; null when the text is not allowed.</param>
internal sealed record SettingKey(string Name, string Default, string Allowed, string Help, Func<AgentOptions, string, AgentOptions?> Apply)
{
    /// <summary>The environment variable that does the same.</summary>
    public string Variable => "HOSTAGENT_" + Name.Replace('.', '_').ToUpperInvariant();
}
