namespace HostAgent.Agent.Linux;

/// <summary>Stands around every call into the kernel that may hang, so that a supervisor can take the rest of the work away from a thread
/// that does not come back, and the thread can find out when it does.</summary>
/// <remarks>Two uncontended interlocked operations per call: nothing beside the call itself.</remarks>
internal sealed class TickGate
{
    private const int Outside = 0;
    private const int Inside = 1;
    private const int Abandoned = 2;

    private int _state;

    /// <summary>Before the call.</summary>
    public void Enter() => Interlocked.Exchange(ref _state, Inside);

    /// <summary>After the call.</summary>
    /// <exception cref="AbandonedException">The supervisor has given up on this thread meanwhile: it must touch nothing shared any more.</exception>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Outside, Inside) != Inside)
        {
            throw new AbandonedException();
        }
    }

    /// <summary>Gives up on the thread if it is inside a call at this instant.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Inside) == Inside;
}
