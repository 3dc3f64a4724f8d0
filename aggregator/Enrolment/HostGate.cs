using Grpc.Core;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Decides which gRPC call may begin.</summary>
internal sealed class HostGate(HostCalls calls, HostRevocations revocations, EnrolmentOptions options, TimeProvider time)
{
    /// <summary>Whether the method is open to everybody.</summary>
    public static bool IsOpen(string method)
        => method is "/hostagent.v1.Enrolment/Authorities" or "/hostagent.v1.Enrolment/Enrol" or "/grpc.health.v1.Health/Check";

    /// <summary>Lets a call in.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it does not prove which host it comes from. PERMISSION_DENIED: that host is revoked.</exception>
    public HostCall Admit(string method, ClientIdentity identity)
    {
        if (identity.Host is not { } host)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, identity.Problem ?? "no host is proven"));
        }

        TimeSpan grace = method == "/hostagent.v1.Enrolment/Renew" ? options.RenewalGrace : TimeSpan.Zero;
        if (time.GetUtcNow() >= host.NotAfter + grace)
        {
            throw new RpcException(new Status(
                StatusCode.Unauthenticated,
                $"the certificate of host {host.HostId} ended at {host.NotAfter:u} by this aggregator's clock: it has to be renewed, or the host enrolled again"));
        }

        HostCall call = calls.Open(host);
        if (revocations.Find(host.HostId) is { } revocation) // looked up last: a revocation from now on finds the call among the open ones
        {
            call.Dispose();
            throw new RpcException(new Status(StatusCode.PermissionDenied, revocation.InWords));
        }

        return call;
    }
}
