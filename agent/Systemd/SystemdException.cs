namespace HostAgent.Agent.Systemd;

/// <summary>systemd is not there, does not answer, or does not let this user do it. The message says which and what to do.</summary>
internal sealed class SystemdException(string message, Exception? inner = null) : IOException(message, inner);
