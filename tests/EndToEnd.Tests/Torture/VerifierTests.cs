using HostAgent.Torture.Verification;

namespace HostAgent.EndToEnd.Tests.Torture;

/// <summary>A verifier that cannot fail is worthless: each test takes a story that balances and breaks one thing.</summary>
public sealed class VerifierTests
{
    private const int SamplesPerFrame = 10;

    [Fact]
    public void A_story_without_faults_has_no_findings_and_balances()
    {
        (HostTotals totals, IReadOnlyList<Finding> findings) = Verifier.Verify(Story());

        Assert.Empty(findings);
        Assert.True(totals.Balances);
        Assert.Equal((20, 12, 5, 1, 2), (totals.Produced, totals.Present, totals.Late, totals.Dropped, totals.LostAtCrash));
    }

    [Fact]
    public void An_acknowledged_frame_that_is_not_in_the_account_is_found()
    {
        HostEvidence story = FramesOnly();
        Finding finding = FindOne(story with { Account = [.. story.Account.Where(r => r.Outcome != RunOutcome.Late)] }, FindingKind.AcknowledgedLost);
        Assert.Contains("2/1", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledged_frame_of_a_killed_epoch_is_found_when_the_account_calls_it_lost_at_crash()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [Run(1, RunOutcome.Present, 1, 7), Run(1, RunOutcome.LostAtCrash, 8, 8), .. story.Account.Skip(1)] },
            FindingKind.AcknowledgedLost);
    }

    [Fact]
    public void An_acknowledged_frame_that_counts_as_dropped_is_found()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [Run(1, RunOutcome.Present, 1, 7), Run(1, RunOutcome.Dropped, 8, 8), .. story.Account.Skip(1)] },
            FindingKind.AcknowledgedLost);
    }

    [Fact]
    public void An_acknowledged_frame_that_was_refused_for_its_time_is_found_unless_the_clock_was_wrong()
    {
        HostEvidence story = FramesOnly();
        story = story with { Account = [Run(1, RunOutcome.Present, 1, 7), Run(1, RunOutcome.Dropped, 8, 8) with { Reason = "refused" }, .. story.Account.Skip(1)] };
        FindOne(story, FindingKind.AcknowledgedLost);

        (HostTotals totals, IReadOnlyList<Finding> findings) = Verifier.Verify(story with { ClockJumps = true });
        Assert.Empty(findings);
        Assert.True(totals.Balances);
    }

    [Fact]
    public void A_frame_in_two_runs_is_found()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [.. story.Account, Run(2, RunOutcome.Late, 6, 6)] }, FindingKind.StoredTwice);
    }

    [Fact]
    public void A_frame_that_a_well_agent_never_delivered_is_found()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [.. story.Account.Where(r => r.Outcome != RunOutcome.Dropped)] }, FindingKind.Unaccounted);
    }

    [Fact]
    public void A_hole_before_the_newest_ack_of_the_open_epoch_is_found()
    {
        HostEvidence story = FramesOnly() with { OpenEpoch = 2, Ends = [new EpochEnd(1, Killed: true, SpoolRefused: false)] };
        FindOne(story with { Account = [.. story.Account.Where(r => r.Outcome != RunOutcome.Dropped)] }, FindingKind.Unaccounted);
    }

    [Fact]
    public void A_hole_in_the_open_epoch_is_open_while_a_segment_that_begins_before_it_lies_in_the_spool()
    {
        HostEvidence story = FramesOnly() with { OpenEpoch = 2, Ends = [new EpochEnd(1, Killed: true, SpoolRefused: false)] };
        story = story with { Account = [.. story.Account.Where(r => r.Outcome != RunOutcome.Dropped)] };
        FindOne(story with { Spooled = [new FrameKey(2, 7), new FrameKey(1, 1)] }, FindingKind.Unaccounted);

        (HostTotals totals, IReadOnlyList<Finding> findings) = Verifier.Verify(story with { Spooled = [new FrameKey(2, 6)] });
        Assert.Empty(findings);
        Assert.Equal(1, totals.Open);
    }

    [Fact]
    public void Frames_after_the_newest_ack_of_the_open_epoch_are_open_and_not_missing()
    {
        HostEvidence story = Story(extraUnacknowledged: 3) with { OpenEpoch = 2, Ends = [new EpochEnd(1, Killed: true, SpoolRefused: false)] };
        (HostTotals totals, IReadOnlyList<Finding> findings) = Verifier.Verify(story);

        Assert.Empty(findings);
        Assert.Equal(3, totals.Open);
        Assert.True(totals.Balances);
    }

    [Fact]
    public void A_reported_loss_that_the_account_forgot_is_found()
    {
        string[] lines = ["frame 1 1 1000 1", "frame 1 2 1100 1", "loss 1 2 2 1 1", "ack 1 1 1 live"];
        HostEvidence story = FramesOnly() with
        {
            Trace = AgentTrace.Parse(lines),
            Account = [new AccountRun(1, RunOutcome.Present, "present", 1, 1, 1000, 1000, 1, 1)],
        };
        FindOne(story, FindingKind.ReportForgotten);
    }

    [Theory]
    [InlineData("frame 1 1 1000")]
    [InlineData("frame 1 1 1000 1 1")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void A_trace_line_that_makes_no_sense_is_refused(string line)
        => Assert.Throws<FormatException>(() => AgentTrace.Parse([line]));

    [Fact]
    public void A_killed_agent_that_lost_more_than_its_memory_window_is_found()
        => FindOne(Story() with { MemoryWindowFrames = 1 }, FindingKind.LostTooMuch);

    [Fact]
    public void A_run_over_frames_that_were_never_produced_is_found()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [.. story.Account, Run(7, RunOutcome.Present, 1, 2)] }, FindingKind.NeverProduced);
    }

    [Fact]
    public void A_run_with_a_wrong_number_of_samples_is_found()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [story.Account[0] with { Samples = 79 }, .. story.Account.Skip(1)] }, FindingKind.RunDiffers);
    }

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void A_loss_with_far_too_many_samples_or_that_does_not_enclose_its_frames_is_found(int samplesMore, int firstLater, int lastEarlier)
    {
        HostEvidence story = FramesOnly();
        AccountRun loss = story.Account[2];
        Assert.Equal(RunOutcome.Dropped, loss.Outcome);
        loss = loss with
        {
            Samples = loss.Samples + (ulong)samplesMore,
            FirstUnixMs = loss.FirstUnixMs + firstLater,
            LastUnixMs = loss.LastUnixMs - lastEarlier,
        };
        FindOne(story with { Account = [.. story.Account.Where(r => r.Outcome != RunOutcome.Dropped), loss] }, FindingKind.RunDiffers);
    }

    [Fact]
    public void A_run_with_a_wrong_time_is_found()
    {
        HostEvidence story = FramesOnly();
        FindOne(story with { Account = [story.Account[0] with { LastUnixMs = story.Account[0].LastUnixMs + 1 }, .. story.Account.Skip(1)] },
            FindingKind.RunDiffers);
    }

    [Fact]
    public void A_stored_frame_that_lacks_one_sample_is_found()
        => FindOne(With(Story(), 1304, samples: SamplesPerFrame - 1), FindingKind.SamplesDiffer);

    [Fact]
    public void One_sample_stored_twice_is_found()
        => FindOne(With(Story(), 1304, samples: SamplesPerFrame + 1), FindingKind.StoredTwice);

    [Fact]
    public void Samples_at_an_instant_without_a_stored_frame_are_found()
        => FindOne(With(Story(), 999, samples: 1), FindingKind.SamplesDiffer);

    [Fact]
    public void A_wrong_value_is_found()
    {
        HostEvidence story = Story();
        FindOne(story with { SequencePoints = [.. story.SequencePoints!.Select(p => p with { Value = p.TimeUnixMs == 1304 ? 5 : p.Value })] },
            FindingKind.ValueDiffers);
    }

    [Fact]
    public void A_value_stored_twice_is_found()
    {
        HostEvidence story = Story();
        FindOne(story with { SequencePoints = [.. story.SequencePoints!, story.SequencePoints![2]] }, FindingKind.StoredTwice);
    }

    [Fact]
    public void A_value_at_a_shifted_time_is_found_as_missing_and_as_out_of_place()
    {
        HostEvidence story = Story();
        (_, IReadOnlyList<Finding> findings) = Verifier.Verify(story with
        {
            SequencePoints = [.. story.SequencePoints!.Select(p => p with { TimeUnixMs = p.TimeUnixMs == 1001 ? 1000 : p.TimeUnixMs })],
        });
        Assert.Equal(2, findings.Count(f => f.Kind == FindingKind.SamplesDiffer));
    }

    private static Finding FindOne(HostEvidence story, FindingKind kind)
    {
        (_, IReadOnlyList<Finding> findings) = Verifier.Verify(story);
        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.Equal(kind, f.Kind));
        return findings[0];
    }

    /// <summary>Epoch 1: ten frames 100 ms apart, killed, eight delivered in time. Epoch 2: ten frames, five late, one dropped, four in
    /// time.</summary>
    private static HostEvidence Story(int extraUnacknowledged = 0)
    {
        var lines = new List<string>();
        lines.AddRange(Enumerable.Range(1, 10).Select(i => $"frame 1 {i} {TimeOf(1, i)} {SamplesPerFrame}"));
        lines.AddRange(["ack 1 1 3 live", "ack 1 4 8 live"]);
        lines.AddRange(Enumerable.Range(1, 10 + extraUnacknowledged).Select(i => $"frame 2 {i} {TimeOf(2, i)} {SamplesPerFrame}"));
        lines.AddRange(["ack 2 7 10 live", "ack 2 1 5 backfill"]);
        AccountRun[] account =
        [
            Run(1, RunOutcome.Present, 1, 8), Run(2, RunOutcome.Late, 1, 5), Run(2, RunOutcome.Dropped, 6, 6), Run(2, RunOutcome.Present, 7, 10),
        ];
        var trace = AgentTrace.Parse(lines);
        var stored = account.Where(r => r.Outcome is RunOutcome.Present or RunOutcome.Late)
            .SelectMany(r => Enumerable.Range((int)r.FirstSequence, (int)r.Frames).Select(s => trace.Frames[new FrameKey(r.Epoch, (ulong)s)])).ToList();
        return new HostEvidence
        {
            Host = "story",
            Trace = trace,
            Ends = [new EpochEnd(1, Killed: true, SpoolRefused: false), new EpochEnd(2, Killed: false, SpoolRefused: false)],
            Account = account,
            StoredSamples = stored.ToDictionary(f => f.TimeUnixMs, f => f.Samples),
            SequencePoints = [.. stored.Select(f => new StoredPoint(f.TimeUnixMs, f.Sequence))],
        };
    }

    private static HostEvidence FramesOnly() => Story() with { StoredSamples = null, SequencePoints = null };

    private static long TimeOf(int epoch, int sequence) => (epoch * 1000) + (100L * (sequence - 1)) + sequence;

    private static AccountRun Run(int epoch, RunOutcome outcome, int first, int last)
        => new((ulong)epoch, outcome, outcome.ToString(), (ulong)first, (ulong)last, TimeOf(epoch, first), TimeOf(epoch, last),
            (ulong)(last - first + 1), (ulong)((last - first + 1) * SamplesPerFrame));

    private static HostEvidence With(HostEvidence story, long time, int samples)
        => story with { StoredSamples = new Dictionary<long, int>(story.StoredSamples!) { [time] = samples } };
}
