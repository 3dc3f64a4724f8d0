using System.Runtime.CompilerServices;
using HostAgent.Agent.Sampling.Certificates;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>When certificates expire: those in files that the operator names, and those that endpoints show.</summary>
/// <remarks>Files and endpoints are looked at beside the ticks, hourly, and after a failure every 5 min; a reading only stores what the last looks
/// found.</remarks>
internal sealed class TlsSampler : Sampler
{
    private const int MaxTargets = 64;
    private const int MinTimeoutMs = 100;
    private const string FilesForm = "full paths separated by commas";

    private readonly TlsTarget[] _targets;

    private TlsSampler(SamplerSetup setup)
    {
        TimeSpan interval = TimeSpan.FromMinutes(Math.Max(1, setup.Count("check_interval_minutes")));
        TimeSpan timeout = TimeSpan.FromMilliseconds(Math.Max(MinTimeoutMs, setup.Count("timeout_ms")));
        string authorities = setup.Text("ca");
        string tree = setup.Roots.Tree;
        TimeProvider time = setup.Time;
        IEnumerable<TlsTarget> files = PathsOf(setup.Text("files")).Select(path => new TlsTarget(
            [("source", "file"), ("target", path)], cancellation => CertificateFile.ReadAsync(tree + path, cancellation), interval, timeout));
        IEnumerable<TlsTarget> endpoints = setup.Named("endpoints").Select(one =>
        {
            TlsEndpoint endpoint = TlsEndpoint.Parse(one.Text)!;
            return new TlsTarget(
                [("source", "endpoint"), ("target", endpoint.Target.ToString()), ("check", one.Name)],
                cancellation => endpoint.LookAsync(authorities, time, cancellation), interval, timeout);
        });
        _targets = [.. files.Concat(endpoints).Take(MaxTargets)];
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "tls",
        Help = "Expiry, names and chains of the certificates in files and at endpoints, looked at beside the ticks; nothing by itself.",
        Metrics = TlsMetrics.All,
        Interval = TimeSpan.FromSeconds(60),
        Options =
        [
            new("files", SamplerOptionKind.Text, "", $"Files with certificates in PEM or DER, {FilesForm}.") { Check = text => PathsOf(text).All(path => path[0] == '/') ? null : FilesForm },
            new("endpoints", SamplerOptionKind.Named, "", $"Servers that speak TLS: \"NAME: SERVER\", the server {TlsEndpoint.Form}.") { Check = TlsEndpoint.Check },
            new("ca", SamplerOptionKind.Text, "", "PEM file of the authorities that endpoints' chains must lead to. Left out: those this machine trusts."),
            new("check_interval_minutes", SamplerOptionKind.Count, "60", "Minutes between two looks at the same certificate, 1 or more; at most 64 files and endpoints are looked at."),
            new("timeout_ms", SamplerOptionKind.Count, "5000", "Milliseconds after which a look has failed, 100 or more."),
        ],
        Create = setup => new TlsSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        bool any = false;
        foreach (TlsTarget target in _targets)
        {
            target.Poll(tick);
            any |= target.HasResult;
        }

        return any ? SampleOutcome.Taken : SampleOutcome.NothingToSay(_targets.Length == 0 ? "no file and no endpoint is named" : "the first look is not over");
    }

    public override void Dispose()
    {
        // Looks that are under way end by themselves.
    }

    private static string[] PathsOf(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
