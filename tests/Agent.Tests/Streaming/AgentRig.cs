using System.Collections.Concurrent;
using HostAgent.Agent.Spool;
using HostAgent.Agent.Streaming;
using HostAgent.Agent.Tests.Spool;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>Everything of the agent from the tick to the wire; the test makes the ticks.</summary>
internal sealed class AgentRig : IAsyncDisposable, ILogger
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FrameSink _sink;
    private readonly Spiller _spiller;
    private readonly Task _running;
    private readonly TestTable _table;
    private bool _hasEnded;

    public AgentRig(Uri aggregator, string caPem, string directory, SpoolOptions? spool = null, Func<StreamingOptions, StreamingOptions>? streaming = null,
        int series = 30)
    {
        Directory.CreateDirectory(directory);
        var ca = Path.Combine(directory, "test-ca.pem");
        File.WriteAllText(ca, caPem);
        spool ??= new SpoolOptions { SpillAfter = TimeSpan.FromSeconds(30) };
        var options = new StreamingOptions
        {
            Aggregator = aggregator,
            CaFile = ca,
            MinReconnectDelay = TimeSpan.FromMilliseconds(50),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
            AckTimeout = TimeSpan.FromSeconds(5),
        };
        options = streaming?.Invoke(options) ?? options;
        var time = TimeProvider.System;
        _table = new TestTable(seed: 3, series);
        Spool = new DiskSpool(directory, spool, time, this);
        Window = new FrameWindow(Spool.Epoch, spool.MaxMemoryBytes);
        _spiller = new Spiller(Window, Spool, spool, time);
        var identity = new HostIdentity(Spool.HostId(null), "test-host", "boot", "0.0", [new("site", "test")]);
        Streamer = new Streamer(options, identity, new NoCredentials(), Window, Spool, _spiller, time, trace: null, this);
        _sink = new FrameSink(Window, Streamer, _spiller, time);
        _running = Task.WhenAll(Streamer.RunAsync(_stop.Token), _spiller.RunAsync(_stop.Token));
    }

    public DiskSpool Spool { get; }

    public FrameWindow Window { get; }

    public Streamer Streamer { get; }

    public Dictionary<(ulong Epoch, ulong Sequence), SortedDictionary<string, long>> Produced { get; } = [];

    public ConcurrentQueue<string> Logged { get; } = new();

    public void Tick(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            var groups = _table.Next();
            Produced[(Window.Epoch, Window.LastSequence + 1)] = _table.Expected(groups);
            _sink.OnTick((long)(Window.LastSequence + 1) * 1000, groups, _table.Table);
        }
    }

    /// <summary>Ends as the program does on SIGTERM.</summary>
    public async Task EndAsync()
    {
        await Streamer.SayFarewellAsync();
        await StopAsync();
        _spiller.SpillAll();
        Spool.End(Window.LastSequence);
        Spool.Dispose();
        _hasEnded = true;
    }

    /// <summary>Ends as kill -9 does: nothing is written any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_hasEnded)
        {
            await StopAsync();
            Spool.Dispose();
        }

        _spiller.Dispose();
        _stop.Dispose();
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue($"{logLevel}: {formatter(state, exception)}");

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
