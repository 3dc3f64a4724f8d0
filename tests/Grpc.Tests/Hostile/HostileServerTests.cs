using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Hostile;

/// <summary>What a caller gets from servers that break the protocol: always a status, never a hang.</summary>
public sealed class HostileServerTests
{
    private static readonly (string, string)[] Head = [(":status", "200"), ("content-type", "application/grpc")];

    public static TheoryData<string, byte[], StatusCode> Bodies => new()
    {
        { "cut in its payload", [0, 0, 0, 0, 10, 1, 2], StatusCode.Internal },
        { "cut in its prefix", [0, 0], StatusCode.Internal },
        { "flag 3", [3, 0, 0, 0, 0], StatusCode.Internal },
        { "compressed without an encoding", [1, 0, 0, 0, 1, 0], StatusCode.Internal },
        { "4 GB", [0, 255, 255, 255, 255], StatusCode.ResourceExhausted },
        { "not the message", [0, 0, 0, 0, 2, 255, 255], StatusCode.Internal },
        { "two messages", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], StatusCode.Internal },
        { "none, and OK", [], StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_malformed_body_gets_its_status(string what, byte[] body, StatusCode expected)
        => Assert.True(expected == await UnaryAgainstAsync(async (wire, stream) =>
        {
            await wire.SendAsync(Http2Wire.Headers, Http2Wire.EndHeaders, stream, Http2Wire.Encode(Head));
            await wire.SendAsync(Http2Wire.Data, 0, stream, body);
            await EndAsync(wire, stream, ("grpc-status", "0"));
        }), what);

    [Theory]
    [InlineData("400", StatusCode.Internal)]
    [InlineData("401", StatusCode.Unauthenticated)]
    [InlineData("403", StatusCode.PermissionDenied)]
    [InlineData("404", StatusCode.Unimplemented)]
    [InlineData("429", StatusCode.Unavailable)]
    [InlineData("502", StatusCode.Unavailable)]
    [InlineData("503", StatusCode.Unavailable)]
    [InlineData("504", StatusCode.Unavailable)]
    [InlineData("500", StatusCode.Unknown)]
    [InlineData("204", StatusCode.Unknown)]
    public async Task An_HTTP_status_becomes_a_gRPC_status(string http, StatusCode expected)
        => Assert.Equal(expected, await UnaryAgainstAsync((wire, stream) => EndAsync(wire, stream, (":status", http), ("content-type", "text/html"))));

    [Theory]
    [InlineData(0, StatusCode.Internal)]
    [InlineData(1, StatusCode.Internal)]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(5, StatusCode.Unknown)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task A_reset_stream_becomes_a_gRPC_status(byte error, StatusCode expected)
        => Assert.Equal(expected, await UnaryAgainstAsync(async (wire, stream) =>
        {
            await wire.SendAsync(Http2Wire.Headers, Http2Wire.EndHeaders, stream, Http2Wire.Encode(Head));
            await wire.SendAsync(Http2Wire.RstStream, 0, stream, [0, 0, 0, error]);
        }));

    [Fact]
    public async Task A_trailers_only_reply_carries_its_status_and_metadata()
    {
        RpcException? failure = null;
        await UnaryAgainstAsync(
            (wire, stream) => EndAsync(
                wire, stream, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "9"), ("grpc-message", "not%20%C3%BCt%"), ("why", "x")),
            e => failure = e);
        Assert.Equal(StatusCode.FailedPrecondition, failure!.StatusCode);
        Assert.Equal("not üt%", failure.Status.Detail);
        Assert.Equal("x", failure.Trailers.GetValue("why"));
    }

    [Theory]
    [InlineData("99", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("", StatusCode.Unknown)]
    [InlineData("x", StatusCode.Unknown)]
    public async Task A_status_that_does_not_exist_is_Unknown(string status, StatusCode expected)
        => Assert.Equal(expected, await UnaryAgainstAsync(
            (wire, stream) => EndAsync(wire, stream, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", status))));

    [Fact]
    public async Task Missing_trailers_are_Unknown()
        => Assert.Equal(StatusCode.Unknown, await UnaryAgainstAsync(async (wire, stream) =>
        {
            await wire.SendAsync(Http2Wire.Headers, Http2Wire.EndHeaders, stream, Http2Wire.Encode(Head));
            await wire.SendAsync(Http2Wire.Data, Http2Wire.EndStream, stream, [0, 0, 0, 0, 0]);
        }));

    [Fact]
    public async Task Another_content_type_is_Unknown()
        => Assert.Equal(StatusCode.Unknown, await UnaryAgainstAsync(
            (wire, stream) => EndAsync(wire, stream, (":status", "200"), ("content-type", "text/html"))));

    [Fact]
    public async Task Trailers_with_broken_base64_are_Internal()
        => Assert.Equal(StatusCode.Internal, await UnaryAgainstAsync(async (wire, stream) =>
        {
            await wire.SendAsync(Http2Wire.Headers, Http2Wire.EndHeaders, stream, Http2Wire.Encode(Head));
            await wire.SendAsync(Http2Wire.Data, 0, stream, [0, 0, 0, 0, 0]);
            await EndAsync(wire, stream, ("grpc-status", "0"), ("x-bin", "?"));
        }));

    [Fact]
    public async Task A_closed_connection_is_Unavailable()
        => Assert.Equal(StatusCode.Unavailable, await UnaryAgainstAsync((wire, _) =>
        {
            wire.Abort();
            return Task.CompletedTask;
        }));

    [Fact]
    public async Task Garbage_instead_of_frames_is_a_failure_not_a_hang()
        => Assert.NotEqual(StatusCode.OK, await UnaryAgainstAsync((wire, _) => wire.SendAsync(0x1, 0xff, 0x7fffffff, new byte[3000])));

    [Fact]
    public async Task A_flood_of_trailers_is_a_failure_not_a_hang()
        => Assert.Equal(StatusCode.ResourceExhausted, await UnaryAgainstAsync(async (wire, stream) =>
        {
            await wire.SendAsync(Http2Wire.Headers, Http2Wire.EndHeaders, stream, Http2Wire.Encode(Head));
            await wire.SendAsync(Http2Wire.Headers, Http2Wire.EndStream, stream, Http2Wire.Encode(("f0", new string('x', 15_000))));
            for (int i = 1; i < 8; i++)
            {
                await wire.SendAsync(0x9, (byte)(i == 7 ? 4 : 0), stream, Http2Wire.Encode(($"f{i}", new string('x', 15_000))));
            }
        }));

    private static Task EndAsync(Http2Wire wire, int stream, params (string, string)[] fields)
        => wire.SendAsync(Http2Wire.Headers, Http2Wire.EndHeaders | Http2Wire.EndStream, stream, Http2Wire.Encode(fields));

    /// <summary>One unary call against a server that waits for the call's head and then does as told.</summary>
    private static async Task<StatusCode> UnaryAgainstAsync(Func<Http2Wire, int, Task> answer, Action<RpcException>? seen = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");
        using AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "x" });
        using Http2Wire wire = await Http2Wire.AcceptAsync(listener);
        (byte Type, byte Flags, int Stream, byte[] Payload)? head = await wire.ReadAsync();
        try
        {
            await answer(wire, head!.Value.Stream);
        }
        catch (IOException)
        {
            // The client has hung up before all of it was said.
        }

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(e.StatusCode, call.GetStatus().StatusCode);
        seen?.Invoke(e);
        return e.StatusCode;
    }
}
