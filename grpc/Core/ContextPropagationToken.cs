namespace Grpc.Core;

/// <summary>Carries deadline and cancellation of a server call to the calls made on its behalf.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
