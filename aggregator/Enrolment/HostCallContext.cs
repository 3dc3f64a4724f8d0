using Grpc.Core;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>What a gRPC service wants to know of the host that calls it.</summary>
internal static class HostCallContext
{
    /// <summary>The host that calls, proven. Every method but the open ones has one.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: the method is open to everybody and the client has shown nothing.</exception>
    public static HostCall Host(this ServerCallContext context)
        => context.GetHttpContext().Features.Get<HostCall>()
            ?? throw new RpcException(new Status(StatusCode.Unauthenticated, ClientIdentity.Anonymous.Problem!));

    /// <summary>Refuses a message that speaks for another host than the one that calls.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public static void RequireSpeaksForItself(this HostCall call, string hostId)
    {
        if (hostId != call.Host.HostId)
        {
            throw new RpcException(new Status(
                StatusCode.PermissionDenied,
                $"the message says host_id \"{hostId}\", but the certificate belongs to host {call.Host.HostId}; if the agent's state was copied from another host, "
                + "delete it and enrol this one"));
        }
    }

    /// <summary>How a call ends that has to.</summary>
    public static Status StatusOfEnd(this HostCall call)
        => new(call.IsForbidden ? StatusCode.PermissionDenied : StatusCode.Unauthenticated, call.Reason ?? "the call has to end");
}
