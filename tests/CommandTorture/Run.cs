using System.Collections.Concurrent;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Protos.Commands;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;
using HostAgent.V1;

namespace HostAgent.CommandTorture;

/// <summary>One command, the deaths of its agent, and what became of it.</summary>
internal sealed class Run(Scenario scenario, string directory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CommandOrder _order = Order(scenario.Kind);
    private readonly ConcurrentQueue<CommandReport> _reports = new();
    private int _withheld = scenario.Withheld;
    private ulong _acknowledged;
    private ChildProcess? _agent;

    public Scenario Scenario => scenario;

    /// <summary>How many processes were killed.</summary>
    public int Deaths { get; private set; }

    /// <summary>The final state that was reported.</summary>
    public CommandState End => _reports.FirstOrDefault(static report => report.State.IsFinal())?.State ?? CommandState.Unspecified;

    private string Id => _order.Body.CommandId;

    private string JournalPath => Path.Combine(directory, CommandJournal.FileName);

    /// <summary>Goes through it. Returns what is wrong; empty: nothing is.</summary>
    public async Task<IReadOnlyList<string>> PerformAsync(Dispatcher dispatcher)
    {
        Directory.CreateDirectory(directory);
        File.Copy(dispatcher.CaFile, Path.Combine(directory, "ca.pem"), overwrite: true);
        string policy = Path.Combine(directory, "commands.yaml");
        await File.WriteAllTextAsync(policy, "allow: [{ kinds: [\"torture.*\"], subjects: [\"path:*\"] }]");
        File.SetUnixFileMode(policy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        dispatcher.Current = this;
        var problems = new List<string>();
        try
        {
            for (int life = 0; life < scenario.Deaths.Count; life++)
            {
                await LiveAsync(dispatcher, scenario.Deaths[life], problems);
                if (life == 0 && scenario.PowerCut && Scenario.BeforeFlush.Contains(scenario.Deaths[0]))
                {
                    CutPower(problems);
                }
            }

            _withheld = 0;
            await using (_agent = Start(dispatcher, "none"))
            {
                await Eventually.TrueAsync(
                    () => _reports.LastOrDefault(static report => report.State.IsFinal() && report.Sequence != 0) is { } end && _acknowledged >= end.Sequence,
                    "a final state", Patience);
                _agent.Send(UnixSignal.Kill);
                await _agent.WaitAsync(Patience);
            }
        }
        catch (TimeoutException e)
        {
            problems.Add(e.Message);
        }

        dispatcher.Current = null;
        problems.AddRange(Verdict.Of(scenario, Id, directory, [.. _reports]));
        if (problems.Count == 0)
        {
            Directory.Delete(directory, recursive: true);
        }

        return problems;
    }

    /// <summary>What to order when an agent attaches; null: nothing.</summary>
    public CommandOrder? OrderToGive() => scenario.Redeliver || End == CommandState.Unspecified ? _order : null;

    /// <summary>Takes a report. Returns the sequence to acknowledge; null: none now.</summary>
    public ulong? Take(CommandReport report)
    {
        _reports.Enqueue(report);
        if ((scenario.Deaths[0] == "report-running" && report.State == CommandState.Running) || (scenario.Deaths[0] == "report-final" && report.State.IsFinal()))
        {
            if (Deaths == 0)
            {
                _agent?.Send(UnixSignal.Kill);
            }
        }

        if (report.Sequence == 0 || Interlocked.Decrement(ref _withheld) >= 0)
        {
            return null;
        }

        _acknowledged = Math.Max(_acknowledged, report.Sequence);
        return report.Sequence;
    }

    /// <summary>An order without arguments, for ten minutes.</summary>
    public static CommandOrder Order(string kind)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var body = new OrderBody
        {
            CommandId = Guid.NewGuid().ToString("N"),
            Kind = kind,
            NotBeforeUnixMs = now,
            NotAfterUnixMs = now + 600_000,
        };
        body.Targets.Add(Victim.HostId);
        return new CommandOrder { Body = body, RequestedBy = "torture" };
    }

    private async Task LiveAsync(Dispatcher dispatcher, string death, List<string> problems)
    {
        await using ChildProcess agent = _agent = Start(dispatcher, death);

        // A later life may have nothing left to do that leads to its boundary: then it is killed when all is said.
        var watch = TimeProvider.System.GetTimestamp();
        while (!agent.HasExited && (Deaths == 0 || End == CommandState.Unspecified))
        {
            if (TimeProvider.System.GetElapsedTime(watch) > Patience)
            {
                problems.Add($"it did not reach {death}");
                break;
            }

            await Task.Delay(2);
        }

        agent.Send(UnixSignal.Kill);
        await agent.WaitAsync(Patience);
        Deaths++;
    }

    private ChildProcess Start(Dispatcher dispatcher, string death) => ChildProcess.Start(
        "victim", [Path.Combine(AppContext.BaseDirectory, "HostAgent.CommandTorture"), "victim", directory, dispatcher.Address.ToString(), death],
        Path.Combine(directory, "log"), new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_QuickJitForLoops"] = "1" });

    // What was written and not flushed may be on the disk in part, or not at all.
    private void CutPower(List<string> problems)
    {
        if (!File.Exists(JournalPath))
        {
            return;
        }

        byte[] bytes = File.ReadAllBytes(JournalPath);
        JournalReader read = JournalReader.Read(bytes);
        if (read.Records is [.., { Type: RecordType.Received } last])
        {
            if (!_reports.IsEmpty)
            {
                problems.Add("a report left before its record was on the disk");
            }

            int from = read.GoodBytes - last.Bytes;
            bytes.AsSpan(from + Random.Shared.Next(last.Bytes)).Clear();
            File.WriteAllBytes(JournalPath, bytes);
        }
    }
}
