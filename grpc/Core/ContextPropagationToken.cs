namespace Grpc.Core;

/// <summary>Carries deadline and cancellation of a server call to the calls made on its behalf.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }

    /// <summary>UTC; <see cref="DateTime.MaxValue"/> when there is none.</summary>
    internal abstract DateTime Deadline { get; }

    internal abstract CancellationToken CancellationToken { get; }
}
