namespace HostAgent.Agent.Containers;

/// <summary>The container engine is not there, does not let this user in, or could not do it. The message says which and what to do.</summary>
internal sealed class EngineException(string message, int status = 0, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The answer's HTTP status; 0 when there was none.</summary>
    public int Status => status;
}
