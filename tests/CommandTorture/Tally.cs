using System.Text;
using HostAgent.Protos.Commands;

namespace HostAgent.CommandTorture;

/// <summary>Counts the runs. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _boundaries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);
    private int _runs;
    private int _deaths;
    private int _bad;

    /// <summary>Nothing was wrong.</summary>
    public bool IsClean => _bad == 0;

    /// <summary>Counts a run and prints it when something is wrong with it.</summary>
    public void Add(int number, Scenario scenario, IReadOnlyList<string> problems, Run run)
    {
        lock (_gate)
        {
            _runs++;
            _deaths += run.Deaths;
            _bad += problems.Count > 0 ? 1 : 0;
            string end = run.End.Word();
            _ends[end] = _ends.GetValueOrDefault(end) + 1;
            foreach (string death in scenario.Deaths)
            {
                _boundaries[death] = _boundaries.GetValueOrDefault(death) + 1;
            }

            foreach (string problem in problems)
            {
                Console.WriteLine($"run {number} ({scenario}): {problem}");
            }

            if (_runs % 100 == 0)
            {
                Console.WriteLine($"{_runs} runs, {_deaths} kills, {_bad} bad");
            }
        }
    }

    /// <summary>The account.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        text.AppendLine($"{_runs} commands, {_deaths} kills by SIGKILL, {_bad} bad");
        text.AppendLine("ended: " + string.Join(", ", _ends.Select(static pair => $"{pair.Value} {pair.Key}")));
        text.Append("killed at: " + string.Join(", ", _boundaries.Select(static pair => $"{pair.Key} {pair.Value}")));
        return text.ToString();
    }
}
