using System.Diagnostics;
using System.Globalization;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.SamplingBench;

/// <summary>One scan of the processes sampler in its forms, and the floor: listing /proc and reading each stat file over a descriptor that is kept open.</summary>
internal static class ProcessesBench
{
    private const int Rounds = 5;
    private const int Scans = 24;

    public static int Run(int count)
    {
        string[] children = [.. Enumerable.Range(0, count).Select(_ => "sleep 300 & p=\"$p $!\"")];
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", string.Join('\n', children) + "\nread end; [ -z \"$p\" ] || kill $p"]) { RedirectStandardInput = true })!;
        var clock = new SteppingTime();
        try
        {
            using var list = new PidList("/proc");
            while (list.Refresh() == 0 && list.Count < count)
            {
                Thread.Yield();
            }

            int[] kept = [.. list.Pids.ToArray().Select(pid => OpenCall.Read($"/proc/{pid}/stat"))];
            byte[] buffer = new byte[1024];
            void Floor()
            {
                list.Refresh();
                foreach (int descriptor in kept)
                {
                    PreadCall.Read(descriptor, buffer, 0);
                }
            }

            Console.WriteLine($"{kept.Length} processes; the floor lists them and reads every stat kept open");
            Tell("largest 5 only", Floor, clock, []);
            Tell("two groups by arguments, few members", Floor, clock, [("groups.g", "argv=*no such*"), ("groups.dotnet", "argv=*dotnet*")]);
            Tell("a group of all", Floor, clock, [("groups.g", "name=*")]);
            Tell("a group of all, none kept open", Floor, clock, [("groups.g", "name=*"), ("max_open_files", "0")]);
            Array.ForEach(kept, CloseCall.Close);
        }
        finally
        {
            shell.StandardInput.WriteLine();
            shell.WaitForExit();
        }

        return 0;
    }

    private static void Tell(string what, Action floor, SteppingTime clock, (string Name, string Value)[] values)
    {
        SamplerDefinition definition = SamplerCatalog.All.Single(one => one.Name == "processes");
        var table = new SeriesTable();
        table.AddGroup("processes", TimeSpan.FromSeconds(5));
        using Sampler sampler = definition.Create(new SamplerSetup
        {
            Definition = definition,
            Roots = new LinuxRoots(),
            Time = clock,
            Log = NullLogger.Instance,
            Statistics = new SamplingStatistics(),
            Values = values.ToDictionary(one => one.Name, one => one.Value),
        });
        var tick = new Tick(table, clock);
        void Scan()
        {
            // Without groups it makes pauses of up to a minute.
            clock.Step(TimeSpan.FromSeconds(5));
            tick.UnixMs += 70_000;
            sampler.Sample(tick);
        }

        // In turn, so that a noisy machine is as noisy for both.
        double floorUs = double.MaxValue, us = double.MaxValue;
        for (int round = 0; round <= Rounds; round++)
        {
            floorUs = Math.Min(floorUs, Measure(floor));
            us = round == 0 ? us : Math.Min(us, Measure(Scan));
            if (round == 0)
            {
                Measure(Scan);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-40}{us / 1000,8:0.00} ms a scan, floor {floorUs / 1000,6:0.00} ms,{us / floorUs,6:0.00} x{table.LiveCount,6} series"));
    }

    private static double Measure(Action action)
    {
        long before = ClockGettimeCall.ProcessCpuNanoseconds;
        for (int i = 0; i < Scans; i++)
        {
            action();
        }

        return (ClockGettimeCall.ProcessCpuNanoseconds - before) / 1000.0 / Scans;
    }
}
