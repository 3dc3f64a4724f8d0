using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Answers calls of services and methods that are not mapped.</summary>
internal static class UnimplementedCalls
{
    private const string DisplayName = "gRPC - unimplemented";
    private static readonly string[] Post = ["POST"];

    /// <summary>Maps the catch-all once per route builder.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, GrpcServiceOptions options)
    {
        if (options.IgnoreUnknownServices == true
            || endpoints.DataSources.Any(static source => source.Endpoints.Any(static e => e.DisplayName == DisplayName)))
        {
            return;
        }

        RoutePattern pattern = RoutePatternFactory.Parse(
            "{unknownService}/{unknownMethod}", null, new RouteValueDictionary { ["unknownMethod"] = new GrpcContentTypeConstraint() });
        RequestDelegate answer = static http =>
        {
            HttpReplies.Refuse(http.Response, StatusCodes.Status200OK, new Status(StatusCode.Unimplemented, "The service or method is not implemented."));
            return Task.CompletedTask;
        };
        IEndpointConventionBuilder endpoint = endpoints.Map(pattern, answer);
        endpoint.WithMetadata(new HttpMethodMetadata(Post));
        endpoint.Add(static builder => builder.DisplayName = DisplayName);
    }
}
