namespace HostAgent.Torture.Verification;

/// <summary>How an agent process ended, as the harness that ended it knows.</summary>
/// <param name="Epoch">Of the process.</param>
/// <param name="Killed">It was killed: frames that only its memory held are lost.</param>
/// <param name="SpoolRefused">Its spool's disk was full or stalled at the end, or the spool was damaged afterwards: what only the spool should
/// have held may be lost, whatever its age.</param>
internal sealed record EpochEnd(ulong Epoch, bool Killed, bool SpoolRefused)
{
    /// <summary>Whether a frame that was never acknowledged may be missing without a word.</summary>
    public bool MayLose => Killed || SpoolRefused;
}
