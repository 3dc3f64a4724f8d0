using System.Globalization;
using HostAgent.CommandTorture;

// CommandTorture [RUNS] [--seed N] [--directory D] [--workers N]: agents that carry out commands are killed at every boundary of a command's life. Every
// command must end in exactly one final state, with at most one effect. Exit code 1 and what was seen when one does not.
if (args is ["victim", ..])
{
    return await Victim.RunAsync(args[1], new Uri(args[2]), args[3]);
}

if (args is ["latency", ..])
{
    using var scratch = new HostAgent.TestSupport.TempDirectory("command-latency", args.ElementAtOrDefault(2));
    return await Latency.MeasureAsync(int.Parse(args.ElementAtOrDefault(1) ?? "2000", CultureInfo.InvariantCulture), scratch.FullPath);
}

int runs = args.Length > 0 && !args[0].StartsWith('-') ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int seed = int.Parse(Option("--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
int workers = int.Parse(Option("--workers") ?? "2", CultureInfo.InvariantCulture);
string directory = Option("--directory") ?? Directory.CreateTempSubdirectory("command-torture-").FullName;
Console.WriteLine($"{runs} runs, seed {seed}, {workers} workers, in {directory}");
var tally = new Tally();
int next = 0;
await Task.WhenAll(Enumerable.Range(0, workers).Select(async worker =>
{
    await using Dispatcher dispatcher = await Dispatcher.StartAsync(Path.Combine(directory, $"ca-{worker}.pem"));
    for (int number; (number = Interlocked.Increment(ref next)) <= runs;)
    {
        var run = new Run(Scenario.Make(new Random(seed + number)), Path.Combine(directory, $"run-{number}"));
        tally.Add(number, run.Scenario, await run.PerformAsync(dispatcher), run);
    }
}));
Console.WriteLine(tally.Summary());
if (tally.IsClean && Option("--directory") is null)
{
    Directory.Delete(directory, recursive: true);
}

return tally.IsClean ? 0 : 1;

string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
