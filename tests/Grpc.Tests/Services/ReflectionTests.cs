using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using HostAgent.Grpc.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Grpc.Tests.Services;

/// <summary>grpc.reflection.v1.</summary>
public sealed class ReflectionTests
{
    [Fact]
    public async Task A_tool_can_learn_the_services_and_rebuild_their_descriptors()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(
            services: static s => s.AddGrpcReflection(), map: static app => app.MapGrpcReflectionService());
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();

        ServerReflectionResponse list = await AskAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(
            ["grpc.reflection.v1.ServerReflection", "hostagent.grpc.probe.Probe"],
            list.ListServicesResponse.Service.Select(static s => s.Name));

        foreach (string symbol in new[] { "hostagent.grpc.probe.Probe", "hostagent.grpc.probe.Probe.Unary", "hostagent.grpc.probe.ProbeRequest.text" })
        {
            ServerReflectionResponse found = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });
            IReadOnlyList<FileDescriptor> files = FileDescriptor.BuildFromByteStrings(found.FileDescriptorResponse.FileDescriptorProto.Reverse());
            Assert.Contains(files, static f => f.Services.Any(static s => s.FullName == "hostagent.grpc.probe.Probe"));
        }

        Assert.NotNull((await AskAsync(new ServerReflectionRequest { FileByFilename = "probe.proto" })).FileDescriptorResponse);
        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(new ServerReflectionRequest { FileByFilename = "none" })).ErrorResponse.ErrorCode);
        Assert.Equal(
            (int)StatusCode.NotFound, (await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "none" })).ErrorResponse.ErrorCode);
        Assert.Empty((await AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "hostagent.grpc.probe.ProbeRequest" }))
            .AllExtensionNumbersResponse.ExtensionNumber);

        async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(request.ToByteString(), call.ResponseStream.Current.OriginalRequest.ToByteString());
            return call.ResponseStream.Current;
        }
    }
}
