using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>A command in memory. Guarded by the <see cref="CommandTable"/>'s lock.</summary>
internal sealed class Command
{
    private readonly Dictionary<string, HostRun> _byHost;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="record">As stored.</param>
    /// <param name="runs">As stored; a host without one is as it was at acceptance.</param>
    public Command(CommandRecord record, IReadOnlyDictionary<string, HostRunRecord> runs)
    {
        Record = record;
        var firstWave = record.FirstWave.ToHashSet(StringComparer.Ordinal);
        Runs = [.. record.Targets.Select((host, i) => new HostRun(
            host,
            record.Names[i],
            runs.GetValueOrDefault(host) ?? new HostRunRecord { Sent = firstWave.Contains(host), SentUnixMs = firstWave.Contains(host) ? record.CreatedUnixMs : 0 }))];
        _byHost = Runs.ToDictionary(static run => run.HostId, StringComparer.Ordinal);
        Order = record.Order();
    }

    public CommandRecord Record { get; private set; }

    public IReadOnlyList<HostRun> Runs { get; }

    public OrderBody Order { get; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>Output of all hosts, in bytes.</summary>
    public int OutputBytes { get; set; }

    /// <summary>When every run of the batches so far had settled, for the pause; 0 = not yet.</summary>
    public long BatchSettledUnixMs { get; set; }

    /// <summary>When it was handed to the dispatcher, a <see cref="TimeProvider"/> timestamp, for the latency metric.</summary>
    public long AcceptedTimestamp { get; init; }

    /// <summary>Completes at the next change.</summary>
    public Task Changed => _changed.Task;

    public bool IsSettled => Runs.All(static run => run.IsSettled);

    public HostRun? Run(string host) => _byHost.GetValueOrDefault(host);

    public void Set(CommandRecord record)
    {
        Record = record;
        Touch();
    }

    public void Set(HostRun run, HostRunRecord record)
    {
        run.Set(record, Version + 1);
        Touch();
    }

    public void Show(HostRun run, HostRunRecord record)
    {
        run.Show(record, Version + 1);
        Touch();
    }

    /// <summary>What an agent gets.</summary>
    public CommandOrder ToAgent()
    {
        var order = new CommandOrder { Body = Order, RequestedBy = Record.RequestedBy };
        order.Signatures.AddRange(Record.Signatures.Select(static s => new OrderSignature
        {
            Operator = s.Operator,
            Signature = Google.Protobuf.ByteString.CopyFrom(s.Signature),
        }));
        return order;
    }

    private void Touch()
    {
        Version++;
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
