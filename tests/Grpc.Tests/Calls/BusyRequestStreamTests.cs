using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Messages written faster than the connection takes them travel together.</summary>
public sealed class BusyRequestStreamTests
{
    [Fact]
    public async Task Messages_written_at_full_speed_arrive_whole_and_in_order()
    {
        const int Count = 3000;
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        Task writing = WriteAsync();
        for (int i = 0; i < Count; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), call.ResponseStream.Current.Text);
        }

        await writing;
        Assert.False(await call.ResponseStream.MoveNext());

        async Task WriteAsync()
        {
            for (int i = 0; i < Count; i++)
            {
                // Most fit many at a time, some alone are more than is gathered.
                var payload = ByteString.CopyFrom(new byte[i % 100 == 0 ? 40_000 : i % 50]);
                await call.RequestStream.WriteAsync(
                    new ProbeRequest { Text = i.ToString(CultureInfo.InvariantCulture), Payload = payload });
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task A_writer_waits_for_a_server_that_does_not_read()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Collect();
        await call.RequestStream.WriteAsync(new ProbeRequest { Behaviour = "stubborn" });
        var payload = ByteString.CopyFrom(new byte[64 * 1024]);
        int written = 1;
        Task write;
        do
        {
            Assert.True(written < 200, "13 MB were taken from a writer whose reader takes none");
            write = call.RequestStream.WriteAsync(new ProbeRequest { Payload = payload });
            written++;
        }
        while (await Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1))) == write);

        server.State.Release.SetResult();
        await write;
        await call.RequestStream.CompleteAsync();
        Assert.Equal(written, (await call).Number);
    }
}
