using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.GrpcBench;

/// <summary>All runtimes in one sitting, round by round, so that a disturbance of the machine hits all of them alike.</summary>
internal static class Comparison
{
    private const string Ours = "HostAgent";
    private const string Reference = "grpcio";

    public static async Task RunAsync(BenchOptions options)
    {
        using var certificates = new InteropCertificates();
        var contestants = new List<Contestant>();
        try
        {
            foreach ((string name, string[] command) in Commands(certificates.Folder))
            {
                contestants.Add(name == Ours
                    ? await Contestant.StartAsync(name, [.. command, "server", certificates.Folder], [.. command, "client", certificates.Folder])
                    : await Contestant.StartAsync(
                        name,
                        [.. command[..2], "server", .. command[2..]],
                        [.. command[..2], "client", .. command[2..], "--port"]));
            }

            Report.Print(await MeasureAsync(contestants, options), options, Ours, Reference);
        }
        finally
        {
            contestants.ForEach(contestant => contestant.Dispose());
        }
    }

    private static IEnumerable<(string Name, string[] Command)> Commands(string certificates)
    {
        string peers = Path.Combine(SourceTree.Root, "tests", "Grpc.Tests", "Interop", "peers");
        string protos = Path.Combine(SourceTree.Root, "tests", "GrpcBench", "protos");
        yield return (Ours, [Environment.ProcessPath!]);
        yield return ("grpc-js", ["node", Path.Combine(peers, "js", "bench.js"), "--protos", protos, "--certificates", certificates]);
        yield return (Reference,
            ["/usr/bin/python3", Path.Combine(peers, "python", "bench.py"), "--protos", protos, "--certificates", certificates]);
    }

    private static async Task<Dictionary<(Workload Workload, string Name), List<Measurement>>> MeasureAsync(
        List<Contestant> contestants, BenchOptions options)
    {
        var runs = new Dictionary<(Workload, string), List<Measurement>>();
        foreach (Contestant contestant in contestants)
        {
            foreach (Workload workload in Workload.All)
            {
                await contestant.RunAsync(workload, options.Seconds); // not counted: just-in-time compilers settle
                runs.Add((workload, contestant.Name), []);
            }
        }

        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Workload workload in Workload.All)
            {
                foreach (Contestant contestant in contestants)
                {
                    Measurement run = await contestant.RunAsync(workload, options.Seconds);
                    runs[(workload, contestant.Name)].Add(run);
                    await Console.Error.WriteLineAsync(
                        $"round {round}: {workload}, {contestant.Name}: {run.PerSecond:0}/s, {run.Microseconds:0.0} us");
                }
            }
        }

        return runs;
    }
}
