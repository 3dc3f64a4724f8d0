using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Sampling;

/// <summary>One sampler of the catalog over fixture roots or this kernel, without a scheduler.</summary>
internal sealed class SamplerHarness : IDisposable
{
    private readonly Sampler _sampler;
    private readonly Tick _tick;

    public SamplerHarness(string name, LinuxRoots roots, FakeTime? time = null, IReadOnlyDictionary<string, string>? values = null)
    {
        Time = time ?? new FakeTime();
        SamplerDefinition definition = SamplerCatalog.All.Single(one => one.Name == name);
        _sampler = definition.Create(new SamplerSetup
        {
            Definition = definition,
            Roots = roots,
            Time = Time,
            Log = NullLogger.Instance,
            Statistics = new SamplingStatistics { Samplers = [new SamplerStatistics(name)] },
            Values = values ?? new Dictionary<string, string>(),
        });
        Table.AddGroup(name, TimeSpan.FromSeconds(1));
        _tick = new Tick(Table, Time);
    }

    public FakeTime Time { get; }

    public SeriesTable Table { get; } = new();

    /// <summary>What a supervisor would use to take the ticks away from a reading that hangs.</summary>
    public TickGate Gate => _tick.Gate;

    /// <summary>What its live series say, as Prometheus text without the comments.</summary>
    public string Text
    {
        get
        {
            var printer = new TickPrinter();
            printer.OnTick(_tick.UnixMs, [0], Table);
            return string.Concat(printer.ToPrometheusText().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line + "\n"));
        }
    }

    public static LinuxRoots Fixture(string host)
    {
        string root = Path.Combine(Golden.Folder, "Fixtures", host);
        return new LinuxRoots { Proc = $"{root}/proc", Sys = $"{root}/sys" };
    }

    public SampleOutcome Sample()
    {
        _tick.UnixMs = Time.GetUtcNow().ToUnixTimeMilliseconds();
        return _sampler.Sample(_tick);
    }

    public double Value(string metric, params (string Name, string Value)[] labels)
    {
        for (int id = 0; id < Table.Count; id++)
        {
            Series series = Table[id];
            if (!series.Ended && series.Metric.Name == metric && labels.All(label => series.Labels.Contains(label)))
            {
                return series.Metric.ValueOf(Table.Raw[id]);
            }
        }

        return double.NaN;
    }

    public void Dispose() => _sampler.Dispose();
}
