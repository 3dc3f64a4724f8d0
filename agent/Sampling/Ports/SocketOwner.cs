namespace HostAgent.Agent.Sampling.Ports;

/// <summary>Who holds a socket.</summary>
/// <param name="Pid">The process with the lowest number that has it open; 0: none was found.</param>
/// <param name="StartTicks">When that process started.</param>
/// <param name="Process">Its name; empty when none was found.</param>
/// <param name="Unit">Its systemd unit; may be empty.</param>
/// <param name="Container">Its container; may be empty.</param>
internal sealed record SocketOwner(int Pid, long StartTicks, string Process, string Unit, string Container)
{
    /// <summary>The kernel's own sockets, and those of processes that this agent may not look into.</summary>
    public static readonly SocketOwner Unknown = new(0, 0, "", "", "");
}
