using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Refuses requests that came through the wrong door, and, while the HTTP door is loopback only, requests whose Host header names
/// something else: that is how a web page in a browser on this machine would reach it (DNS rebinding).</summary>
internal sealed class ListenerGuard(RequestDelegate next, HttpApiOptions options)
{
    private const long MaxRequestBytes = 1 << 20;

    // As Kestrel's own default, which the agents' door cannot have.
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>The middleware; runs after routing.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        Listener door = context.Features.Get<ListenerFeature>()?.Listener ?? Listener.Http;
        Endpoint? endpoint = context.GetEndpoint();

        // What is not marked is gRPC, except routing's own answers (405, for one), which are no routes and say nothing on the agents' door.
        Listener wanted = endpoint?.Metadata.GetMetadata<ListenerFeature>()?.Listener ?? (endpoint is RouteEndpoint ? Listener.Grpc : Listener.Http);
        if (endpoint is not null && wanted != door)
        {
            context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (door == Listener.Http && options.LoopbackOnly && !NamesThisMachine(context.Request.Host.Host))
        {
            return Results.Problem(
                type: "urn:hostagent:problem:host-header",
                title: "The Host header does not name this machine",
                detail: "The aggregator listens on loopback only and answers to localhost, 127.0.0.1, [::1] and this machine's name. "
                    + "A proxy in front of it must send one of these.",
                statusCode: StatusCodes.Status421MisdirectedRequest).ExecuteAsync(context);
        }

        if (door == Listener.Http)
        {
            BoundTheBody(context);
        }

        return next(context);
    }

    private static void BoundTheBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxRequestBytes;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowestBody;
        }
    }

    private static bool NamesThisMachine(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
