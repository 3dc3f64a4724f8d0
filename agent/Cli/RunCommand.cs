using System.Runtime.InteropServices;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Enrolment;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.Agent.Spool;
using HostAgent.Agent.Streaming;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Cli;

/// <summary><c>hostagent run</c>: puts the stages together in the order in which a sample passes them, and takes them apart again.</summary>
internal static partial class RunCommand
{
    /// <summary>How long the stream's tasks may take to notice the end: the spill must still fit into 5 s.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long commands that run may take to end; all has to end within 5 s.</summary>
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(2.5);

    /// <exception cref="SpoolLockedException">Another agent uses the state directory.</exception>
    public static int Run(AgentOptions options, Func<AgentOptions> reread, string? traceFile, ILoggerFactory logs, TimeProvider time)
    {
        var log = logs.CreateLogger("hostagent");
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var notifier = new SystemdNotifier(Environment.GetEnvironmentVariable);
        using var trace = traceFile is null ? null : new FrameTrace(traceFile);

        using var spool = new DiskSpool(options.StateDirectory, options.Spool, time, log);
        var window = new FrameWindow(spool.Epoch, options.Spool.MaxMemoryBytes, trace);
        using var spiller = new Spiller(window, spool, options.Spool, time);
        var identity = Identify(options, spool.HostId(HostFiles.MachineId()));
        var credentials = new HostCredentials(options.Stream, options.Enrolment, identity, new CertificateStore(options.StateDirectory, log), time, log);
        SamplingScheduler? running = null;
        var control = new AgentControl(() => running!, options, reread);
        using var commands = CommandStage.Run(
            options.Commands, options.StateDirectory, identity, options.Stream, trace is null ? null : trace.Command, time, log, () => control.Targets, control);
        var streamer = new Streamer(options.Stream, identity, credentials, window, spool, spiller, time, trace, log, commands.AccompanyAsync);
        var sink = new StartupMemory(new WatchdogSink(commands.Watch(new FrameSink(window, streamer, spiller, time)), notifier, time), time);
        StreamMetrics.Register(window, spool, streamer.Figures, () => credentials.NotAfterSeconds);
        var scheduler = running = new SamplingScheduler(options.Sampling, new SeriesTable(), sink, time, logs);

        using var end = new CancellationTokenSource();
        Task[] background = [Task.Run(() => streamer.RunAsync(end.Token)), Task.Run(() => spiller.RunAsync(end.Token))];
        foreach (var task in background)
        {
            // A defect there must not go unseen while samples pile up: it ends the program like one here.
            _ = task.ContinueWith(_ => stop.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        LogStarted(log, ProgramVersion.Text, options.Stream.Aggregator, options.StateDirectory, options.Sampling.Interval.TotalSeconds);
        notifier.Ready($"streaming to {options.Stream.Aggregator.Authority}");
        try
        {
            scheduler.Run(stop.Token);
        }
        finally
        {
            notifier.Stopping();
            commands.Executor.StopAsync(CommandPatience).GetAwaiter().GetResult();
            streamer.SayFarewellAsync().GetAwaiter().GetResult();
            end.Cancel();
            Task.WhenAll(background).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(StopPatience);
            spiller.SpillAll();
            spool.End(window.LastSequence);
            LogEnded(log, window.LastSequence, spool.Figures.Segments);
        }

        background.FirstOrDefault(static task => task.IsFaulted)?.GetAwaiter().GetResult();
        return ExitCodes.Ok;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Who this agent says it is.</summary>
    internal static HostIdentity Identify(AgentOptions options, string hostId) => new(
        hostId,
        options.HostName ?? Environment.MachineName,
        HostFiles.BootId(new LinuxRoots()),
        ProgramVersion.Text,
        [.. options.Labels]);

    [LoggerMessage(51, LogLevel.Information, "hostagent {Version} samples every {Seconds} s, streams to {Aggregator} and keeps its state in {State}")]
    private static partial void LogStarted(ILogger log, string version, Uri aggregator, string state, double seconds);

    [LoggerMessage(52, LogLevel.Information, "Ended after {Frames} frames; {Segments} segments wait for the next start")]
    private static partial void LogEnded(ILogger log, ulong frames, int segments);
}
