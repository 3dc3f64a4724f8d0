using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.TestSupport;
using HostAgent.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Commands;

public sealed class CommandJournalTests : IDisposable
{
    private readonly TempDirectory _directory = new("commandjournal");
    private readonly FakeTime _time = new();

    private string JournalPath => _directory.File(CommandJournal.FileName);

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_written_is_there_after_the_next_start()
    {
        string ended = CommandRig.NewId(), begun = CommandRig.NewId(), received = CommandRig.NewId();
        using (CommandJournal journal = Open())
        {
            End(journal, Begin(journal, Receive(journal, ended)));
            Begin(journal, Receive(journal, begun));
            Receive(journal, received);
        }

        using CommandJournal next = Open();
        Assert.Equal((CommandState.Succeeded, "did it", "active"), (next.Find(ended)!.State, next.Find(ended)!.Report.Message, next.Find(ended)!.Report.Results[0].Value));
        Assert.Equal((CommandState.Running, "failed", new SubjectRun("unit:x", 2)), (next.Find(begun)!.State, next.Find(begun)!.Facts["active_state"], next.Find(begun)!.Subjects[0]));
        Assert.Equal((CommandState.Delivered, "alice", 0L), (next.Find(received)!.State, next.Find(received)!.Order.RequestedBy, next.Find(received)!.BegunUnixMs));
    }

    [Fact]
    public void Torn_at_every_byte_it_keeps_every_record_before_the_tear_and_goes_on()
    {
        using (CommandJournal journal = Open())
        {
            for (int i = 0; i < 3; i++)
            {
                End(journal, Begin(journal, Receive(journal, CommandRig.NewId())));
            }
        }

        byte[] whole = File.ReadAllBytes(JournalPath);
        JournalReader read = JournalReader.Read(whole);
        Assert.Equal((9, false), (read.Records.Count, read.IsDamaged));
        int[] ends = [.. Ends(read)];
        for (int cut = 0; cut <= read.GoodBytes; cut++)
        {
            // Cut off, and then with the room behind it as zeros: both are what a crash leaves.
            foreach (byte[] torn in new[] { whole[..cut], [.. whole[..cut], .. new byte[64]] })
            {
                JournalReader found = JournalReader.Read(torn);
                Assert.Equal((ends.Count(end => end <= cut), false), (found.Records.Count, found.IsDamaged));
            }
        }

        foreach (int cut in new[] { 0, 5, 20, ends[3] + 7, ends[8] - 1 })
        {
            File.WriteAllBytes(JournalPath, whole[..cut]);
            string id = CommandRig.NewId();
            using (CommandJournal journal = Open())
            {
                Receive(journal, id);
                journal.Flush();
            }

            using CommandJournal again = Open();
            Assert.NotNull(again.Find(id));
            Assert.Equal((ends.Count(end => end <= cut) + 2) / 3 + 1, again.Entries().Count);
        }
    }

    [Fact]
    public void A_record_damaged_in_the_middle_costs_that_record_only_and_the_file_is_kept()
    {
        string[] ids = [CommandRig.NewId(), CommandRig.NewId(), CommandRig.NewId()];
        using (CommandJournal journal = Open())
        {
            foreach (string id in ids)
            {
                End(journal, Begin(journal, Receive(journal, id)));
            }
        }

        byte[] bytes = File.ReadAllBytes(JournalPath);
        int[] ends = [.. Ends(JournalReader.Read(bytes))];
        bytes[ends[4] + 40] ^= 1;
        File.WriteAllBytes(JournalPath, bytes);
        using CommandJournal next = Open();
        Assert.Equal((CommandState.Succeeded, CommandState.Running, CommandState.Succeeded),
            (next.Find(ids[0])!.State, next.Find(ids[1])!.State, next.Find(ids[2])!.State));
        Assert.True(File.Exists(JournalPath + ".damaged"));
        Assert.False(JournalReader.Read(File.ReadAllBytes(JournalPath)).IsDamaged);
    }

    [Fact]
    public void A_header_of_another_version_is_damage_and_the_records_count()
    {
        string id = CommandRig.NewId();
        using (CommandJournal journal = Open())
        {
            Receive(journal, id);
        }

        byte[] bytes = File.ReadAllBytes(JournalPath);
        bytes[8] = 9;
        File.WriteAllBytes(JournalPath, bytes);
        using CommandJournal next = Open();
        Assert.NotNull(next.Find(id));
        Assert.True(File.Exists(JournalPath + ".damaged"));
    }

    [Fact]
    public void Sequences_go_on_upwards_also_when_the_file_is_lost()
    {
        ulong before;
        using (CommandJournal journal = Open())
        {
            before = Receive(journal, CommandRig.NewId()).Report.Sequence;
            Assert.True(Receive(journal, CommandRig.NewId()).Report.Sequence > before);
        }

        File.Delete(JournalPath);
        _time.Advance(TimeSpan.FromSeconds(1));
        using CommandJournal next = Open();
        Assert.True(Receive(next, CommandRig.NewId()).Report.Sequence > before + 1);
    }

    [Fact]
    public void It_forgets_what_has_ended_was_acknowledged_and_cannot_be_replayed_and_remembers_that()
    {
        var options = new JournalOptions { KeptForPeople = 2, MaxCommands = 20, RewriteAfterBytes = 1 };
        long lastNotAfter;
        string open;
        using (CommandJournal journal = Open(options))
        {
            for (int i = 0; i < 10; i++)
            {
                End(journal, Begin(journal, Receive(journal, CommandRig.NewId()), chain: 1));
            }

            open = Receive(journal, CommandRig.NewId()).Id;
            lastNotAfter = journal.Entries().Max(static entry => entry.Order.Body.NotAfterUnixMs);
            journal.Acknowledge(ulong.MaxValue);
            Assert.Equal(11, journal.Entries().Count);
            _time.Advance(TimeSpan.FromHours(25));
            Acknowledge(journal, CommandRig.NewId());
            Assert.Equal(4, journal.Entries().Count);
            Assert.NotNull(journal.Find(open));
            Assert.Equal(lastNotAfter, journal.ForgottenUnixMs);
        }

        using CommandJournal next = Open(options);
        Assert.Equal((4, lastNotAfter), (next.Entries().Count, next.ForgottenUnixMs));
    }

    [Fact]
    public void The_newest_link_of_a_chain_is_never_forgotten()
    {
        var options = new JournalOptions { KeptForPeople = 0, RewriteAfterBytes = 1 };
        using CommandJournal journal = Open(options);
        string first = End(journal, Begin(journal, Receive(journal, CommandRig.NewId()), chain: 2)).Id;
        _time.Advance(TimeSpan.FromSeconds(1));
        string second = End(journal, Begin(journal, Receive(journal, CommandRig.NewId()), chain: 3)).Id;
        _time.Advance(TimeSpan.FromHours(25));
        Acknowledge(journal, CommandRig.NewId());
        Assert.Null(journal.Find(first));
        Assert.NotNull(journal.Find(second));
    }

    [Fact]
    public void A_full_journal_says_so_and_what_it_holds_stays()
    {
        using CommandJournal journal = Open(new JournalOptions { MaxCommands = 3 });
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => Receive(journal, CommandRig.NewId()).Id)];
        var full = Assert.Throws<JournalFullException>(() => Receive(journal, CommandRig.NewId()));
        Assert.Contains("is full (3 commands", full.Message, StringComparison.Ordinal);
        Assert.All(ids, id => Assert.NotNull(journal.Find(id)));
        using CommandJournal small = Open(new JournalOptions { MaxBytes = 400 }, _directory.Folder("small"));
        Receive(small, CommandRig.NewId());
        Assert.Throws<JournalFullException>(() => { for (int i = 0; i < 3; i++) { Receive(small, CommandRig.NewId()); } });
    }

    [Fact]
    public void Two_processes_cannot_write_it_and_the_second_one_says_so()
    {
        using CommandJournal journal = Open();
        using CommandJournal second = Open();
        Assert.False(second.IsOpen);
        Assert.Contains("another process writes", Assert.Throws<IOException>(() => Receive(second, CommandRig.NewId())).Message, StringComparison.Ordinal);
        Receive(journal, CommandRig.NewId());
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        using CommandJournal journal = Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalPath));
    }

    [Fact]
    public void A_report_leaves_only_when_its_record_is_on_the_disk()
    {
        var outbox = new ReportOutbox();
        using var journal = new CommandJournal(_directory.FullPath, new JournalOptions(), _time, outbox, NullLogger.Instance);
        outbox.Attach(static () => { });
        Receive(journal, CommandRig.NewId());
        Assert.False(outbox.TryTake(out _));
        journal.Flush();
        Assert.True(outbox.TryTake(out CommandReport report));
        Assert.Equal(CommandState.Delivered, report.State);
    }

    private static IEnumerable<int> Ends(JournalReader read)
    {
        int at = JournalHeader.Bytes;
        foreach (JournalRecord record in read.Records)
        {
            yield return at += record.Bytes;
        }
    }

    private CommandJournal Open(JournalOptions? options = null, string? directory = null) =>
        new(directory ?? _directory.FullPath, options ?? new JournalOptions(), _time, new ReportOutbox(), NullLogger.Instance);

    private CommandEntry Receive(CommandJournal journal, string id)
    {
        var order = new CommandOrder { Body = new OrderBody { CommandId = id, Kind = "service.restart", NotAfterUnixMs = NowMs + 60_000 }, RequestedBy = "alice" };
        return journal.Receive(order, new byte[32], CommandOrigin.Aggregator);
    }

    private static CommandEntry Begin(CommandJournal journal, CommandEntry entry, int chain = 2)
    {
        journal.Begin(entry, new Dictionary<string, string> { ["active_state"] = "failed" }, _ => [new SubjectRun("unit:x", chain)]);
        return entry;
    }

    private static CommandEntry End(CommandJournal journal, CommandEntry entry)
    {
        var report = new CommandReport { CommandId = entry.Id, State = CommandState.Succeeded, Message = "did it" };
        report.Results.Add(new Arg { Name = "active_state", Value = "active" });
        journal.End(entry, report);
        return entry;
    }

    // The acknowledgement is what makes it look whether there is something to forget.
    private void Acknowledge(CommandJournal journal, string id)
    {
        End(journal, Receive(journal, id));
        journal.Acknowledge(ulong.MaxValue);
    }
}
