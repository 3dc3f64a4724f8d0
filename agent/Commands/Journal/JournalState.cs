using HostAgent.Agent.Commands.Policy;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>What the records of a journal amount to. Not thread-safe.</summary>
internal sealed class JournalState
{
    /// <summary>Every command, by id.</summary>
    public Dictionary<string, CommandEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Of the last record.</summary>
    public ulong LastSequence { get; set; }

    /// <summary>Of the last report that the aggregator acknowledged.</summary>
    public ulong AckedSequence { get; private set; }

    /// <summary>Orders whose not-after is not later may have been forgotten.</summary>
    public long ForgottenUnixMs { get; private set; }

    /// <summary>The state that the records lead to; one that makes no sense is passed over.</summary>
    public static JournalState Replay(IEnumerable<JournalRecord> records, long nowMs)
    {
        // A journal that begins anew goes on above every sequence that the aggregator can have seen before.
        var state = new JournalState { LastSequence = (ulong)Math.Max(nowMs, 0) * 1000 };
        bool isFirst = true;
        foreach (JournalRecord record in records)
        {
            state.LastSequence = isFirst ? record.Sequence : Math.Max(state.LastSequence, record.Sequence);
            isFirst = false;
            try
            {
                state.Apply(record);
            }
            catch (InvalidDataException)
            {
                // Its checksum was right and its content is not: a later version wrote it. What the others say still holds.
            }
        }

        return state;
    }

    /// <summary>Takes note of one record.</summary>
    /// <exception cref="InvalidDataException">Its content does not read.</exception>
    public void Apply(JournalRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Received:
                CommandEntry received = JournalContent.ReadReceived(record);
                Entries.TryAdd(received.Id, received);
                break;
            case RecordType.Intent when Entries.GetValueOrDefault(JournalContent.IdOf(record)) is { HasEnded: false } begun:
                (begun.Subjects, begun.Report) = JournalContent.ReadIntent(record);
                begun.BegunUnixMs = record.TimeUnixMs;
                begun.Facts = begun.Report.Results.DistinctBy(static fact => fact.Name).ToDictionary(static fact => fact.Name, static fact => fact.Value);
                break;
            case RecordType.Outcome when Entries.GetValueOrDefault(JournalContent.IdOf(record)) is { HasEnded: false } ended:
                CommandReport report = JournalContent.ReadOutcome(record);
                if (report.State.IsFinal())
                {
                    ended.Report = report;
                    ended.EndedUnixMs = record.TimeUnixMs;
                }

                break;
            case RecordType.Acked:
                AckedSequence = Math.Max(AckedSequence, (ulong)JournalContent.ReadNumber(record));
                break;
            case RecordType.Forgotten:
                ForgottenUnixMs = Math.Max(ForgottenUnixMs, JournalContent.ReadNumber(record));
                break;
            default:
                break;
        }
    }

    /// <summary>The reports that the aggregator has yet to acknowledge, ascending. Of a command the last one is enough.</summary>
    public IEnumerable<CommandReport> Unacknowledged() => Entries.Values
        .Select(static entry => entry.Report).Where(report => report.Sequence > AckedSequence).OrderBy(static report => report.Sequence);

    /// <summary>The commands that nothing needs any more.</summary>
    public HashSet<string> Forgettable(long nowMs, JournalOptions options)
    {
        long skewMs = (long)options.ClockSkew.TotalMilliseconds;
        long budgetFrom = nowMs - (long)JournalOptions.BudgetMemory.TotalMilliseconds;
        HashSet<string> needed = LastOfChains();
        return [.. Entries.Values
            .Where(entry => entry.HasEnded && entry.Report.Sequence <= AckedSequence && entry.Order.Body.NotAfterUnixMs + skewMs < nowMs
                && entry.BegunUnixMs < budgetFrom && !needed.Contains(entry.Id))
            .OrderByDescending(static entry => entry.EndedUnixMs)
            .Skip(options.KeptForPeople)
            .Select(static entry => entry.Id)];
    }

    /// <summary>The records of a journal without the commands to forget.</summary>
    public IEnumerable<JournalRecord> Rewritten(IEnumerable<JournalRecord> records, HashSet<string> forgotten, long forgottenUnixMs, long nowMs)
    {
        foreach (JournalRecord record in records.Where(static record => record.Type is RecordType.Received or RecordType.Intent or RecordType.Outcome))
        {
            if (record.Content.Length >= 16 && !forgotten.Contains(JournalContent.IdOf(record)))
            {
                yield return record;
            }
        }

        // Their sequences are not reports': the last one keeps the numbering where it is.
        yield return new JournalRecord(LastSequence, nowMs, RecordType.Acked, JournalContent.Number((long)AckedSequence));
        if (forgottenUnixMs != 0)
        {
            yield return new JournalRecord(LastSequence, nowMs, RecordType.Forgotten, JournalContent.Number(forgottenUnixMs));
        }
    }

    /// <summary>Drops commands.</summary>
    public void Forget(HashSet<string> forgotten, long untilUnixMs)
    {
        foreach (string id in forgotten)
        {
            Entries.Remove(id);
        }

        ForgottenUnixMs = untilUnixMs;
    }

    // The newest run of each kind on each subject, and the newest refusal to repeat it, say whether repeating has stopped helping, however long ago that
    // was.
    private HashSet<string> LastOfChains() =>
    [
        .. Newest(Entries.Values.Where(static entry => entry.BegunUnixMs != 0)
            .SelectMany(static entry => entry.Subjects.Select(run => (entry, run.Subject, run.Chain > 1)))),
        .. Newest(Entries.Values.SelectMany(static entry => entry.Report.Results
            .Where(static result => result.Name == BudgetJudge.GaveUpResult).Select(result => (entry, result.Value, true)))),
    ];

    private static IEnumerable<string> Newest(IEnumerable<(CommandEntry Entry, string Subject, bool IsNeeded)> uses) => uses
        .GroupBy(static use => (use.Entry.Kind, use.Subject))
        .Select(static group => group.MaxBy(static use => use.Entry.Report.Sequence))
        .Where(static newest => newest.IsNeeded)
        .Select(static newest => newest.Entry.Id);
}
