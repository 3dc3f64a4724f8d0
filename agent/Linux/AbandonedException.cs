namespace HostAgent.Agent.Linux;

/// <summary>Unwinds a thread that came back from the kernel after its work had been given to another.</summary>
internal sealed class AbandonedException() : Exception("The call returned after the tick had gone on without it.");
