using System.Net;
using Grpc.Core;
using HostAgent.Aggregator.Enrolment;
using HostAgent.V1;

namespace HostAgent.Aggregator.Api.Grpc;

/// <summary>enrolment.proto at the desk.</summary>
internal sealed partial class EnrolmentService(EnrolmentDesk desk, ILogger<EnrolmentService> log) : V1.Enrolment.EnrolmentBase
{
    /// <inheritdoc/>
    public override Task<AuthoritiesReply> Authorities(AuthoritiesRequest request, ServerCallContext context) => Task.FromResult(desk.Authorities());

    /// <inheritdoc/>
    public override Task<EnrolReply> Enrol(EnrolRequest request, ServerCallContext context) => Answer(() => desk.Enrol(request, AddressOf(context.Peer)), context);

    /// <inheritdoc/>
    public override Task<EnrolReply> Renew(RenewRequest request, ServerCallContext context)
    {
        HostCall call = context.Host();
        return Answer(() => desk.Renew(call.Host, request), context);
    }

    private Task<EnrolReply> Answer(Func<EnrolReply> ask, ServerCallContext context)
    {
        try
        {
            return Task.FromResult(ask());
        }
        catch (EnrolmentRefusedException e)
        {
            LogRefused(context.Method, context.Peer, e.Message);
            throw new RpcException(new Status(
                e.IsMalformed ? StatusCode.InvalidArgument : e.IsForbidden ? StatusCode.PermissionDenied : StatusCode.Unauthenticated, e.Message));
        }
        catch (Storage.StorageException e)
        {
            LogRefused(context.Method, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.Unavailable, "the aggregator cannot store the enrolment; try again later"));
        }
    }

    // ipv4:192.0.2.1:5678 or ipv6:[2001:db8::1]:5678: without scheme and port, which say nothing of who it was.
    private static string AddressOf(string peer)
        => peer.StartsWith("ip", StringComparison.Ordinal) && IPEndPoint.TryParse(peer[(peer.IndexOf(':', StringComparison.Ordinal) + 1)..], out IPEndPoint? from)
            ? from.Address.ToString()
            : peer;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} of {Peer} refused: {Reason}")]
    private partial void LogRefused(string method, string peer, string reason);
}
