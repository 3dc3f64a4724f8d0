using System.Globalization;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.SamplingBench;
using Microsoft.Extensions.Logging.Abstractions;

// SamplingBench [READINGS]: what each sampler costs on this kernel at full speed, beside the bare reads of the same files, and what it allocates;
// then whole ticks. Compare only figures of one run: machines are shared and noisy.
// SamplingBench processes COUNT: a scan of the processes sampler on a host with COUNT sleeping processes more, beside bare reads of the same stat files.
if (args is ["processes", var howMany])
{
    return ProcessesBench.Run(int.Parse(howMany, CultureInfo.InvariantCulture));
}

int readings = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2000;
const int Rounds = 5;

Console.WriteLine($"{"sampler",-16}{"us/reading",12}{"series",8}{"bytes allocated",17}");
foreach (SamplerDefinition definition in SamplerCatalog.All)
{
    var clock = new SteppingTime();
    var table = new SeriesTable();
    table.AddGroup(definition.Name, TimeSpan.FromSeconds(1));
    using Sampler sampler = definition.Create(new SamplerSetup
    {
        Definition = definition,
        Roots = new LinuxRoots(),
        Time = clock,
        Log = NullLogger.Instance,
        Statistics = new SamplingStatistics(),
    });
    var tick = new Tick(table, clock);
    int count = definition.Name is "process" or "processes" or "tcpstates" or "ports" ? Math.Max(readings / 50, 10) : readings;
    (double us, long allocated) = Measure(count, () =>
    {
        tick.UnixMs += 1000;
        sampler.Sample(tick);
    });
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{definition.Name,-16}{us,12:0.00}{table.LiveCount,8}{allocated,17}"));
}

string[] everySecond = ["stat", "meminfo", "loadavg", "diskstats", "net/dev", "net/snmp", "net/sockstat", "vmstat"];
KernelFile[] files = [.. everySecond.Select(name => new KernelFile($"/proc/{name}"))];
byte[] buffer = new byte[64 * 1024];
(double floor, _) = Measure(readings, () =>
{
    foreach (KernelFile file in files)
    {
        file.Read(ref buffer);
    }

    StatvfsCall.Read("/\0"u8, out _);
});

var time = new SteppingTime();
var all = new SeriesTable();
var scheduler = new SamplingScheduler(
    new SamplingOptions(), all, new NullConsumer(), time, NullLoggerFactory.Instance, new LinuxRoots(), new NoSleeper(), SamplerCatalog.All);
(double ticks, long bytes) = Measure(readings, () =>
{
    time.Step(TimeSpan.FromSeconds(1));
    scheduler.RunOnce();
});
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nbare reads of the common set: {floor:0.0} us"));
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"a tick of all samplers at their intervals: {ticks:0.0} us ({ticks / floor:0.00} x), {all.LiveCount} series, {bytes} bytes allocated in {readings} ticks"));
return 0;

// The least of some rounds, in CPU time of this process; allocations of the last round.
static (double Microseconds, long AllocatedBytes) Measure(int count, Action action)
{
    for (int i = 0; i < Math.Max(count / 2, 50); i++)
    {
        action();
    }

    double best = double.MaxValue;
    long allocated = 0;
    for (int round = 0; round < Rounds; round++)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long before = ClockGettimeCall.ProcessCpuNanoseconds;
        for (int i = 0; i < count; i++)
        {
            action();
        }

        best = Math.Min(best, (ClockGettimeCall.ProcessCpuNanoseconds - before) / 1000.0 / count);
        allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
    }

    return (best, allocated);
}
