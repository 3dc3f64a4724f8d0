using Grpc.Core;
using HostAgent.Agent.Spool;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Streaming;

public sealed class StreamerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hostagent-stream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Frames_arrive_as_they_were_taken_and_a_healthy_agent_writes_nothing()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        var before = Snapshot();
        for (var i = 0; i < 50; i++)
        {
            agent.Tick(10);
            await Eventually.TrueAsync(() => agent.Window.Count < 40, "acknowledgements keep up");
        }

        await Eventually.TrueAsync(() => agent.Window.Count == 0, "everything is acknowledged");
        AssertStored(agent, aggregator);
        Assert.Equal(500, aggregator.Arrivals.Count);
        Assert.Equal(before, Snapshot());
        var hello = Assert.Single(aggregator.Hellos);
        Assert.Equal((Lane.Live, 1u, 2000u, "test-host"), (hello.Lane, hello.Protocol, hello.MaxAckDelayMs, hello.HostName));
        Assert.Equal(500, agent.Streamer.Figures.AcknowledgedFrames);
        Assert.True(agent.Streamer.Figures.SentBytes > 5_000);
        await agent.EndAsync();
        Assert.DoesNotContain(agent.Logged, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_aggregator_that_comes_late_gets_everything_live_first_and_the_spool_beside_it()
    {
        var certificate = TestCertificates.Make();
        Uri address;
        await using (var gone = await ScriptedAggregator.StartAsync(certificate: certificate))
        {
            address = gone.Address;
        }

        await using var agent = new AgentRig(address, certificate.Ca.ExportCertificatePem(), _directory,
            new SpoolOptions { SpillAfter = TimeSpan.FromMilliseconds(100), MaxSegmentBytes = 64 << 10 });
        for (var i = 0; i < 40; i++)
        {
            agent.Tick(10);
            await Task.Delay(10);
        }

        await Eventually.TrueAsync(() => agent.Spool.Figures.Segments > 0, "frames go to disk");
        await using var aggregator = await ScriptedAggregator.StartAsync(address.Port, certificate);
        await Eventually.TrueAsync(() => agent.Streamer.Figures.IsConnected, "connected");
        await Eventually.TrueAsync(
            () =>
            {
                agent.Tick();
                return agent.Window.Count < 5 && agent.Spool.Figures.Segments == 0;
            },
            "the backlog is sent");
        await Eventually.TrueAsync(() => aggregator.Stored.Count == agent.Produced.Count, "everything is stored");
        AssertStored(agent, aggregator);
        Assert.Empty(Directory.GetFiles(_directory, "*.segment"));
        Assert.Contains(aggregator.Arrivals, arrival => arrival.Lane == Lane.Backfill);
        Assert.Single(agent.Logged, line => line.StartsWith("Warning: No connection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_frames_are_in_flight_than_the_aggregator_allows()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        aggregator.WindowFrames = 7;
        aggregator.Acknowledges = false;
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        agent.Tick(50);
        await Eventually.TrueAsync(() => aggregator.Arrivals.Count == 7, "the window is full");
        agent.Tick(10);
        Assert.Equal(7, aggregator.Arrivals.Count);
        aggregator.Acknowledges = true;
        await Eventually.TrueAsync(() => agent.Window.Count == 0, "the rest follows");
        AssertStored(agent, aggregator);
        Assert.Equal(60, aggregator.Arrivals.Count);
    }

    [Fact]
    public async Task After_a_broken_call_only_what_was_not_acknowledged_is_sent_again()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        agent.Tick(20);
        await Eventually.TrueAsync(() => agent.Window.Count == 0, "the first 20 are acknowledged");
        aggregator.Acknowledges = false;
        aggregator.OnBatch = (_, batch) => batch.Entries[0].Frame.Sequence == 30 && aggregator.Hellos.Count == 1
            ? new Status(StatusCode.Unavailable, "going away")
            : null;
        agent.Tick(20);
        await Eventually.TrueAsync(() => aggregator.Hellos.Count == 2, "connected again");
        aggregator.Acknowledges = true;
        await Eventually.TrueAsync(() => agent.Window.Count == 0, "everything is acknowledged");
        AssertStored(agent, aggregator);
        var sequences = aggregator.Arrivals.Select(arrival => arrival.Sequence).ToArray();
        Assert.Equal(1, sequences.Count(sequence => sequence == 20));
        Assert.Equal([.. Enumerable.Range(21, 20).Select(i => (ulong)i)], sequences[^20..]);
        Assert.Equal(1, agent.Streamer.Figures.Reconnects);
    }

    [Fact]
    public async Task A_silent_connection_is_given_up_and_replaced()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        await using var proxy = new CutProxy(aggregator.Address);
        await using var agent = new AgentRig(proxy.Address, aggregator.CaPem, _directory,
            streaming: options => options with { AckTimeout = TimeSpan.FromMilliseconds(600) });
        agent.Tick(5);
        await Eventually.TrueAsync(() => agent.Window.Count == 0, "the first frames are acknowledged");
        proxy.Cut();
        await Eventually.TrueAsync(
            async () =>
            {
                agent.Tick();
                await Task.Delay(20);
                return proxy.Connections >= 2 && agent.Window.Count < 5;
            },
            "a new connection takes over");
        await Eventually.TrueAsync(() => aggregator.Stored.Count == agent.Produced.Count, "everything is stored");
        AssertStored(agent, aggregator);
    }

    [Fact]
    public async Task A_refusal_is_told_once_and_with_what_to_do()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        aggregator.OnHello = _ => new Status(StatusCode.InvalidArgument, "host_id is not 32 hex digits");
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        await Eventually.TrueAsync(() => aggregator.Hellos.Count >= 3, "it tries again, rarely");
        var line = Assert.Single(agent.Logged, one => one.Contains("refuses", StringComparison.Ordinal));
        Assert.StartsWith("Error: ", line, StringComparison.Ordinal);
        Assert.Contains("host_id is not 32 hex digits", line, StringComparison.Ordinal);
        Assert.Contains("Somebody has to act", line, StringComparison.Ordinal);
        aggregator.OnHello = _ => null;
        agent.Tick(3);
        await Eventually.TrueAsync(() => aggregator.Stored.Count == 3, "and comes back when it may");
    }

    [Fact]
    public async Task A_certificate_from_another_authority_is_not_accepted()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        await using var agent = new AgentRig(aggregator.Address, TestCertificates.Make().Ca.ExportCertificatePem(), _directory);
        agent.Tick(3);
        await Eventually.TrueAsync(() => agent.Logged.Any(line => line.Contains("certificate", StringComparison.Ordinal)), "it says why");
        Assert.Empty(aggregator.Hellos);
    }

    [Fact]
    public async Task A_clean_end_waits_for_the_last_acknowledgement_and_writes_no_segment()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        ulong epoch;
        await using (var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory))
        {
            await Eventually.TrueAsync(() => agent.Streamer.Figures.IsConnected, "connected");
            agent.Tick(9);
            epoch = agent.Window.Epoch;
            await agent.EndAsync();
            AssertStored(agent, aggregator);
        }

        Assert.Empty(Directory.GetFiles(_directory, "*.segment"));
        await using var next = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        await Eventually.TrueAsync(() => next.Streamer.Figures.IsConnected, "connected again");
        Assert.Equal(new EpochEnd { Epoch = epoch, LastSequence = 9, Clean = true }, Assert.Single(aggregator.Hellos.Last().EndedEpochs));
        next.Tick();
        await Eventually.TrueAsync(() => next.Spool.EndedEpochs().Length == 0, "the end is known and forgotten");
    }

    [Fact]
    public async Task What_an_ending_agent_could_not_deliver_its_successor_does()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        aggregator.Acknowledges = false;
        var produced = new Dictionary<(ulong, ulong), SortedDictionary<string, long>>();
        await using (var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory))
        {
            agent.Tick(25);
            await agent.EndAsync();
            foreach (var (key, samples) in agent.Produced)
            {
                produced[key] = samples;
            }
        }

        Assert.NotEmpty(Directory.GetFiles(_directory, "*.segment"));
        aggregator.Acknowledges = true;
        aggregator.Stored.Clear();
        await using var next = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        await Eventually.TrueAsync(() => next.Spool.Figures.Segments == 0, "the successor sends it");
        Assert.All(produced, frame => Assert.Equal(frame.Value, aggregator.Stored[frame.Key]));
    }

    [Fact]
    public async Task A_loss_is_reported_until_it_is_acknowledged()
    {
        ulong epoch;
        using (var spool = new DiskSpool(_directory, new SpoolOptions(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
        {
            epoch = spool.Epoch;
            spool.AddLoss(new LossRange(epoch, 5, 9, 5000, 9000, 150, LossReason.SpoolFull));
        }

        await using var aggregator = await ScriptedAggregator.StartAsync();
        aggregator.Acknowledges = false;
        await using (var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory))
        {
            await Eventually.TrueAsync(() => !aggregator.Losses.IsEmpty, "the loss is told");
            Assert.Equal(1, agent.Spool.Figures.PendingLosses);
        }

        aggregator.Acknowledges = true;
        await using var next = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        await Eventually.TrueAsync(() => next.Spool.Figures.PendingLosses == 0, "and told again until it is acknowledged");
        Assert.Equal(2, aggregator.Losses.Count);
        Assert.All(aggregator.Losses, told => Assert.Equal((epoch, 5UL, 9UL, 150UL, LossReason.SpoolFull),
            (told.Epoch, told.Loss.FirstSequence, told.Loss.LastSequence, told.Loss.Samples, told.Loss.Reason)));
    }

    [Fact]
    public async Task Catching_up_does_not_delay_live_frames()
    {
        await Spill(frames: 6_000);
        await using var aggregator = await ScriptedAggregator.StartAsync();
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory,
            streaming: options => options with { BackfillBytesPerSecond = 200_000 });
        await Eventually.TrueAsync(() => aggregator.Arrivals.Any(arrival => arrival.Lane == Lane.Backfill), "catching up");
        for (var i = 0; i < 20; i++)
        {
            agent.Tick();
            await Eventually.TrueAsync(() => agent.Window.Count == 0, "a live frame is acknowledged at once", TimeSpan.FromSeconds(2));
        }

        Assert.True(agent.Spool.Figures.Segments > 0, "the backlog is not through yet");
        Assert.True(agent.Streamer.Figures.BackfilledFrames > 0);
    }

    [Fact]
    public async Task A_segment_that_the_aggregator_refuses_again_and_again_does_not_block_the_others()
    {
        await Spill(frames: 20);
        await Spill(frames: 30);
        await using var aggregator = await ScriptedAggregator.StartAsync();
        var first = new DirectoryInfo(_directory).GetFiles("*.segment").OrderBy(file => file.Name).First().Name;
        Assert.True(SegmentName.TryParse(first, out var poisoned, out _));
        aggregator.OnBatch = (lane, batch) => lane == Lane.Backfill && batch.Epoch == poisoned && batch.Entries[0].Frame is not null
            ? new Status(StatusCode.InvalidArgument, "series 7 was not announced")
            : null;
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        await Eventually.TrueAsync(
            async () =>
            {
                agent.Tick();
                await Task.Delay(10);
                return agent.Spool.Figures is { Segments: 0, PendingLosses: 0 };
            },
            "the rest is sent");
        Assert.Single(Directory.GetFiles(_directory, "*.damaged"));
        Assert.Equal(30, aggregator.Arrivals.Count(arrival => arrival.Lane == Lane.Backfill));
        Assert.Equal((poisoned, 1UL, 20UL), aggregator.Losses.Select(told => (told.Epoch, told.Loss.FirstSequence, told.Loss.LastSequence)).First());
    }

    [Fact]
    public async Task A_segment_that_somebody_deleted_does_not_block_the_others()
    {
        await Spill(frames: 20);
        await Spill(frames: 30);
        await using var aggregator = await ScriptedAggregator.StartAsync();
        aggregator.OnHello = hello => hello.Lane == Lane.Live ? new Status(StatusCode.Unavailable, "not yet") : null;
        await using var agent = new AgentRig(aggregator.Address, aggregator.CaPem, _directory);
        new DirectoryInfo(_directory).GetFiles("*.segment").OrderBy(file => file.Name).First().Delete();
        aggregator.OnHello = _ => null;
        await Eventually.TrueAsync(
            async () =>
            {
                agent.Tick();
                await Task.Delay(10);
                return agent.Spool.Figures is { Segments: 0, PendingLosses: 0 };
            },
            "the rest is sent");
        Assert.Equal(30, aggregator.Arrivals.Count(arrival => arrival.Lane == Lane.Backfill));
        Assert.Equal((1UL, 20UL), aggregator.Losses.Select(told => (told.Loss.FirstSequence, told.Loss.LastSequence)).First());
    }

    private static void AssertStored(AgentRig agent, ScriptedAggregator aggregator)
    {
        Assert.Equal(agent.Produced.Keys.Order(), aggregator.Stored.Keys.Order());
        Assert.All(agent.Produced, frame => Assert.Equal(frame.Value, aggregator.Stored[frame.Key]));
    }

    private async Task Spill(int frames)
    {
        await using var agent = new AgentRig(new Uri("https://127.0.0.1:9"), TestCertificates.Make().Ca.ExportCertificatePem(), _directory,
            new SpoolOptions { MaxSegmentBytes = 64 << 10, MaxMemoryBytes = 64 << 20 });
        agent.Tick(frames);
        await agent.EndAsync();
    }

    private string Snapshot() => string.Join(' ', new DirectoryInfo(_directory).GetFiles()
        .Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc:O}").Order());
}
