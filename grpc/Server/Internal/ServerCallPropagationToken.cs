using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Deadline and cancellation of a server call, for the calls made on its behalf.</summary>
internal sealed class ServerCallPropagationToken(ServerCallContext context, ContextPropagationOptions options) : ContextPropagationToken
{
    internal override DateTime Deadline => options.IsPropagateDeadline ? context.Deadline : DateTime.MaxValue;

    internal override CancellationToken CancellationToken => options.IsPropagateCancellation ? context.CancellationToken : default;
}
