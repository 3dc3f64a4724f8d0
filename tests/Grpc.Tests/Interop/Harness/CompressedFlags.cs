namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>Which messages of a case must travel compressed, by what the server can do.</summary>
internal static class CompressedFlags
{
    /// <summary>Throws unless the messages that <paramref name="tap"/> saw were compressed exactly where the case wants it.</summary>
    public static void AssertSeen(WireTap tap, string name, IInteropServer server)
    {
        bool[] probe = server.ChecksCompression ? [false] : [];
        switch (name)
        {
            case "client_compressed_unary" or "client_compressed_streaming":
                Assert.Equal([.. probe, true, false], tap.Requests);
                Assert.DoesNotContain(true, tap.Responses);
                break;
            case "server_compressed_unary" or "server_compressed_streaming":
                Assert.DoesNotContain(true, tap.Requests);
                Assert.Equal([server.Compresses, false], tap.Responses);
                break;
            default:
                Assert.DoesNotContain(true, tap.Requests);
                Assert.DoesNotContain(true, tap.Responses);
                break;
        }
    }
}
