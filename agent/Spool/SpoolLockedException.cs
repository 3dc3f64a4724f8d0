namespace HostAgent.Agent.Spool;

/// <summary>Another agent runs on the same state directory: two would mix up their epochs.</summary>
public sealed class SpoolLockedException(string directory)
    : Exception($"another hostagent is running on the state directory {directory}: stop it, or give this one a directory of its own (--state DIR)");
