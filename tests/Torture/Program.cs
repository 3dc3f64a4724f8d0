using HostAgent.TestSupport;
using HostAgent.TestSupport.Faults;
using HostAgent.Torture;

if (!PrivateMounts.Active && PrivateMounts.Possible)
{
    return PrivateMounts.RunInside(args);
}

if (args is ["self-check"])
{
    return PrivateMounts.Active ? SelfCheck.Run(Console.Out) : 2;
}

TortureOptions options;
try
{
    options = TortureOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"torture: {e.Message}");
    Console.Error.WriteLine("usage: torture [SECONDS] [--seed N] [--agents N] [--interval MS] [--directory DIR] [--keep]");
    return 64;
}

using var directory = new TempDirectory("torture", options.Directory);
Console.WriteLine($"seed {options.Seed}; repeat the schedule with: ./build.sh torture {options.Duration.TotalSeconds:0} --seed {options.Seed}");
Console.WriteLine($"files in {directory.FullPath}");
directory.Keep = true; // until the run has proved that nobody needs them
RunResult result = await new TortureRun(options, directory.FullPath, Console.Out).RunAsync();
Summary.Write(Console.Out, options, result);
directory.Keep = options.Keep || result.Findings.Count > 0;
Console.WriteLine(directory.Keep ? $"kept: {directory.FullPath}" : "files removed");
return result.Findings.Count == 0 ? 0 : 1;
