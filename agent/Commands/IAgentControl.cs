namespace HostAgent.Agent.Commands;

/// <summary>The running agent, as commands that concern it see it.</summary>
internal interface IAgentControl
{
    /// <summary>Sampler names and the intervals they are read at.</summary>
    public IReadOnlyDictionary<string, TimeSpan> SamplerIntervals { get; }

    /// <summary>Time between two ticks: every interval is a multiple of it.</summary>
    public TimeSpan TickInterval { get; }

    /// <summary>Reads a sampler at another interval from its next reading on, until the agent starts anew.</summary>
    /// <exception cref="ArgumentException">The interval is not allowed; the message says what is.</exception>
    public void SetSamplerInterval(string sampler, TimeSpan interval);

    /// <summary>Reads the settings file anew without taking anything over. Returns what would change, a sentence each.</summary>
    /// <exception cref="FormatException">It is wrong; the message has one line for each thing.</exception>
    public IReadOnlyList<string> CheckSettings();

    /// <summary>Reads the settings file anew and takes over what can be; what cannot waits for the next start. Returns what changed, a sentence each.</summary>
    /// <exception cref="FormatException">It is wrong, and nothing was taken over.</exception>
    public IReadOnlyList<string> ReloadSettings();
}
