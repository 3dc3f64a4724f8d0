using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Interop.Harness;
using HostAgent.GrpcBench.Wire;

namespace HostAgent.GrpcBench;

/// <summary>Our client over one TLS connection: answers every run that standard input names, until that ends.</summary>
internal sealed class OurClient(Bench.BenchClient client)
{
    private readonly Message _message = new() { Body = ByteString.CopyFrom(new byte[Workload.BodyBytes]) };

    /// <param name="certificates">The folder that holds ca.pem.</param>
    /// <param name="port">Where the server listens, on loopback.</param>
    public static async Task RunAsync(string certificates, string port)
    {
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(certificates, "ca.pem"));
        using var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = InteropCertificates.PolicyOf(authority) },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress($"https://localhost:{port}", new GrpcChannelOptions { HttpHandler = handler });
        var contestant = new OurClient(new Bench.BenchClient(channel));
        Console.WriteLine(new JsonObject { ["ready"] = true }.ToJsonString());
        while (await Console.In.ReadLineAsync() is { } line)
        {
            JsonNode command = JsonNode.Parse(line)!;
            int inFlight = (int)command["inFlight"]!;
            var limit = TimeSpan.FromSeconds((double)command["seconds"]!);
            long start = Stopwatch.GetTimestamp();
            long count = (string?)command["workload"] == "unary"
                ? await contestant.UnaryAsync(inFlight, start, limit)
                : await contestant.DuplexAsync(inFlight, start, limit);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(new JsonObject { ["count"] = count, ["seconds"] = seconds }.ToJsonString());
        }
    }

    private async Task<long> UnaryAsync(int inFlight, long start, TimeSpan limit)
    {
        long[] counts = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(CallAsync)));
        return counts.Sum();

        async Task<long> CallAsync()
        {
            long count = 0;
            while (Stopwatch.GetElapsedTime(start) < limit)
            {
                await client.UnaryAsync(_message);
                count++;
            }

            return count;
        }
    }

    private async Task<long> DuplexAsync(int inFlight, long start, TimeSpan limit)
    {
        using var window = new SemaphoreSlim(inFlight);
        using AsyncDuplexStreamingCall<Message, Message> call = client.Duplex();
        Task writing = Task.Run(WriteAsync);
        long count = 0;
        while (await call.ResponseStream.MoveNext())
        {
            count++;
            window.Release();
        }

        await writing;
        return count;

        async Task WriteAsync()
        {
            while (Stopwatch.GetElapsedTime(start) < limit)
            {
                await window.WaitAsync();
                await call.RequestStream.WriteAsync(_message);
            }

            await call.RequestStream.CompleteAsync();
        }
    }
}
