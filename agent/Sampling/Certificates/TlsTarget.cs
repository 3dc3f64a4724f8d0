using System.Globalization;

namespace HostAgent.Agent.Sampling.Certificates;

/// <summary>One file or endpoint, looked at beside the ticks, with its series.</summary>
internal sealed class TlsTarget
{
    // What failed is looked at again sooner than what went well.
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly (string Name, string Value)[] _labels;
    private readonly Aside<TlsReport> _aside;
    private readonly TimeSpan _interval;
    private readonly OptionalSeries _success;
    private readonly OptionalSeries _chainValid;
    private readonly OptionalSeries _nameMatch;
    private readonly OptionalSeries _handshake;
    private readonly OptionalSeries?[] _failures = new OptionalSeries?[TlsReport.Reasons.Count];
    private readonly long[] _failureCounts = new long[TlsReport.Reasons.Count];
    private readonly List<OptionalSeries> _ofCertificates = [];
    private IReadOnlyList<CertificateFacts> _certificates = [];
    private string? _chainProblem;
    private OptionalSeries? _problem;
    private bool _failed;

    /// <param name="labels">What names the target.</param>
    /// <param name="look">Looks at it.</param>
    /// <param name="interval">Time between two looks.</param>
    /// <param name="timeout">Longest look.</param>
    public TlsTarget((string Name, string Value)[] labels, Func<CancellationToken, Task<TlsReport>> look, TimeSpan interval, TimeSpan timeout)
    {
        (_labels, _interval) = (labels, interval);
        _aside = new Aside<TlsReport>(look, timeout, new TlsReport { Failure = "timeout" });
        _success = new OptionalSeries(TlsMetrics.Success, labels);
        _chainValid = new OptionalSeries(TlsMetrics.ChainValid, labels);
        _nameMatch = new OptionalSeries(TlsMetrics.NameMatch, labels);
        _handshake = new OptionalSeries(TlsMetrics.Handshake, labels);
    }

    /// <summary>True once a look has come to an end.</summary>
    public bool HasResult { get; private set; }

    /// <summary>Begins a look when its time has come, and stores what the last one found.</summary>
    public void Poll(Tick tick)
    {
        if (_aside.Poll(tick.Time, _failed && _interval > LongestRetry ? LongestRetry : _interval) is not { } report)
        {
            return;
        }

        HasResult = true;
        _failed = report.Failure is not null;
        _success.Set(tick, _failed ? 0 : 1);
        _chainValid.SetOrEnd(tick, report.IsChainValid is not null, report.IsChainValid is true ? 1 : 0);
        _nameMatch.SetOrEnd(tick, report.IsNameRight is not null, report.IsNameRight is true ? 1 : 0);
        _handshake.SetOrEnd(tick, !_failed && report.Took > TimeSpan.Zero, (long)report.Took.TotalMicroseconds);
        StoreProblem(tick, report.ChainProblem);
        StoreCertificates(tick, report.Certificates);
        if (report.Failure is { } failure)
        {
            int reason = Math.Max(0, TlsReport.Reasons.ToList().IndexOf(failure));
            _failures[reason] ??= new OptionalSeries(TlsMetrics.Failures, [.. _labels, ("reason", failure)]);
            _failures[reason]!.Set(tick, ++_failureCounts[reason]);
        }
    }

    private void StoreProblem(Tick tick, string? problem)
    {
        if (problem != _chainProblem)
        {
            _problem?.End(tick.Table);
            _chainProblem = problem;
            _problem = problem is null ? null : new OptionalSeries(TlsMetrics.ChainProblem, [.. _labels, ("problem", problem)]);
        }

        _problem?.Set(tick, 1);
    }

    // A certificate that was replaced is another series.
    private void StoreCertificates(Tick tick, IReadOnlyList<CertificateFacts> certificates)
    {
        if (_certificates.SequenceEqual(certificates))
        {
            return;
        }

        _ofCertificates.ForEach(series => series.End(tick.Table));
        _ofCertificates.Clear();
        _certificates = certificates;
        for (int i = 0; i < certificates.Count; i++)
        {
            CertificateFacts one = certificates[i];
            (string, string)[] labels = [.. _labels, ("position", i.ToString(CultureInfo.InvariantCulture)), ("subject", one.Subject)];
            Add(tick, TlsMetrics.NotAfter, labels, one.NotAfter);
            Add(tick, TlsMetrics.NotBefore, labels, one.NotBefore);
            Add(tick, TlsMetrics.Info, [.. labels, ("issuer", one.Issuer), ("serial", one.Serial), ("names", one.Names)], 1);
        }
    }

    private void Add(Tick tick, Metric metric, (string, string)[] labels, long value)
    {
        var series = new OptionalSeries(metric, labels);
        series.Set(tick, value);
        _ofCertificates.Add(series);
    }
}
