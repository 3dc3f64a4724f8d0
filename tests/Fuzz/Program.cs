using System.Diagnostics;
using System.Globalization;
using HostAgent.Fuzz;

// Fuzz [SECONDS] [--only NAME] [--seed N] [--input FILE]: mutated inputs at every target, time shared equally; a finding is written to a file and
// ends the program with 1.
int seconds = args.Length > 0 && !args[0].StartsWith('-') ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
string? only = Option("--only");
int seed = int.Parse(Option("--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
FuzzTarget[] targets = [.. FuzzTarget.All().Where(target => only is null || target.Name == only)];
if (targets.Length == 0)
{
    Console.Error.WriteLine($"no target is called {only}; there are: {string.Join(", ", FuzzTarget.All().Select(target => target.Name))}");
    return 64;
}

if (Option("--input") is { } file)
{
    long ignored = 0;
    return Try(targets[0], await File.ReadAllBytesAsync(file), ref ignored) ? 0 : 1;
}

Console.WriteLine($"seed {seed}, {seconds} s over {targets.Length} targets");
bool clean = true;
foreach (FuzzTarget target in targets)
{
    var random = new Random(seed);
    var mutator = new Mutator(random, maxBytes: 64 * 1024);
    List<byte[]> corpus = [.. target.Seeds()];
    foreach ((int number, byte[] good) in corpus.Index())
    {
        if (!target.Run(good))
        {
            Console.WriteLine($"{target.Name}: seed {number} was refused: the target tests nothing");
            clean = false;
        }
    }

    long runs = 0, refused = 0;
    var watch = Stopwatch.StartNew();
    double limit = (double)seconds / targets.Length;
    while (watch.Elapsed.TotalSeconds < limit)
    {
        byte[] input = mutator.Next(corpus);
        long before = watch.ElapsedMilliseconds;
        if (!Try(target, input, ref refused))
        {
            clean = false;
            break;
        }

        if (watch.ElapsedMilliseconds - before > 1000)
        {
            Report(target, input, $"took {watch.ElapsedMilliseconds - before} ms for {input.Length} bytes");
            clean = false;
        }

        runs++;
    }

    Console.WriteLine($"{target.Name,-24} {runs,12:N0} inputs, {(runs == 0 ? 0 : 100.0 * refused / runs),5:F1} % refused, {runs / watch.Elapsed.TotalSeconds,10:N0}/s");
}

return clean ? 0 : 1;

string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

bool Try(FuzzTarget target, byte[] input, ref long refused)
{
    try
    {
        if (!target.Run(input))
        {
            refused++;
        }

        return true;
    }
#pragma warning disable CA1031 // the point is to catch what nobody thought of
    catch (Exception exception)
#pragma warning restore CA1031
    {
        Report(target, input, exception.ToString());
        return false;
    }
}

void Report(FuzzTarget target, byte[] input, string what)
{
    string path = Path.Combine(Path.GetTempPath(), $"fuzz-{target.Name}-{Guid.NewGuid():N}.bin");
    File.WriteAllBytes(path, input);
    Console.WriteLine($"FINDING in {target.Name}: {what}\ninput: {path}; repeat: ./build.sh fuzz 1 --only {target.Name} --input {path}");
}
