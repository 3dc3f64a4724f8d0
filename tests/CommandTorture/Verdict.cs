using HostAgent.Agent.Commands.Journal;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.CommandTorture;

/// <summary>Compares what was done, what was written down and what was reported.</summary>
internal static class Verdict
{
    /// <summary>What is wrong; empty: nothing is.</summary>
    public static IEnumerable<string> Of(Scenario scenario, string id, string directory, IReadOnlyList<CommandReport> reports)
    {
        string file = Path.Combine(directory, "effects");
        int effects = File.Exists(file) ? File.ReadLines(file).Count(line => line == id) : 0;
        if (effects > 1)
        {
            yield return $"DOUBLE EFFECT: done {effects} times";
        }

        CommandReport[] finals = [.. reports.Where(static report => report.State.IsFinal())];
        if (finals.Length == 0)
        {
            yield return "LOST OUTCOME: no final state was reported";
            yield break;
        }

        if (finals.Select(static report => (report.State, report.Sequence, report.Message)).Distinct().Count() > 1)
        {
            yield return $"NOT ONE FINAL STATE: {string.Join(" / ", finals.Select(static report => $"{report.State} {report.Sequence} {report.Message}").Distinct())}";
        }

        JournalReader journal = JournalReader.Read(File.ReadAllBytes(Path.Combine(directory, CommandJournal.FileName)));
        JournalRecord[] outcomes = [.. journal.Records.Where(record => record.Type == RecordType.Outcome && JournalContent.IdOf(record) == id)];
        if (outcomes.Length != 1 || JournalContent.ReadOutcome(outcomes[0]).State != finals[0].State)
        {
            yield return $"the journal has {outcomes.Length} outcomes";
        }

        if (journal.Records.Count(record => record.Type == RecordType.Intent && JournalContent.IdOf(record) == id) > 1)
        {
            yield return "it was begun twice";
        }

        CommandState end = finals[0].State;
        bool isTrue = (end, effects) is (CommandState.Succeeded, 1) or (CommandState.Failed, 0)
            || (end == CommandState.UnknownReconciled && scenario.Kind == Scenario.Blind);
        if (!isTrue)
        {
            yield return $"UNTRUE: {end} with {effects} effects: {finals[0].Message}";
        }
    }
}
