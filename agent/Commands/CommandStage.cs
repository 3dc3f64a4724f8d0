using Grpc.Net.Client;
using HostAgent.Agent.Commands.Execution;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Local;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Commands.Reflexes;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.Agent.Streaming;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands;

/// <summary>Everything of the agent that carries out commands, put together.</summary>
internal sealed class CommandStage : IDisposable
{
    private readonly CommandLink? _link;
    private readonly LocalDoor? _door;
    private readonly ExecutorSetup _setup;

    private CommandStage(ExecutorSetup setup, CommandLink? link, LocalDoor? door, Executor executor)
    {
        _setup = setup;
        _link = link;
        _door = door;
        Executor = executor;
    }

    /// <summary>Takes orders.</summary>
    public Executor Executor { get; }

    /// <summary>False: nothing can be written down, so nothing will be done.</summary>
    public bool IsUsable => _setup.Journal.IsOpen;

    /// <summary>For the agent that runs: with the aggregator and with whoever is on this host.</summary>
    public static CommandStage Run(
        CommandOptions options, string directory, HostIdentity identity, StreamingOptions streaming, Action<string, string>? onStep, TimeProvider time, ILogger log,
        Func<LocalTargets>? targets = null, IAgentControl? agent = null)
    {
        ExecutorSetup setup = Setup(options, directory, identity.HostId, Handlers(options, time, targets, agent), onStep, time, log);
        var executor = new Executor(setup);
        executor.TakeUp();
        return new CommandStage(setup, new CommandLink(identity, setup, executor, streaming, log), new LocalDoor(directory, executor, identity.HostId, time, log), executor);
    }

    /// <summary>For one order on a host whose agent does not run.</summary>
    public static CommandStage Alone(CommandOptions options, string directory, string hostId, TimeProvider time, ILogger log, Func<LocalTargets>? targets = null)
    {
        ExecutorSetup setup = Setup(options, directory, hostId, Handlers(options, time, targets), null, time, log);
        return new CommandStage(setup, null, null, new Executor(setup));
    }

    /// <summary>The handlers of this program.</summary>
    public static HandlerSet Handlers(CommandOptions options, TimeProvider time, Func<LocalTargets>? targets = null, IAgentControl? agent = null) => new(
        HandlerCatalog.All,
        new HandlerSetup(new LinuxRoots(), new ProcessRunner(), time)
        {
            OperatorsDirectory = options.OperatorsDirectory,
            Targets = targets ?? (static () => new LocalTargets()),
            Agent = agent,
        });

    /// <summary>Keeps the command call open on a connection until that is over.</summary>
    public Task AccompanyAsync(GrpcChannel channel, CancellationToken cancellation) => _link?.RunAsync(channel, cancellation) ?? Task.CompletedTask;

    /// <summary>Where ticks go so that the reflexes of the policy see them: <paramref name="inner"/> itself when there are none.</summary>
    public ITickConsumer Watch(ITickConsumer inner)
    {
        CommandPolicy policy = _setup.Policy.Current(out _);
        return policy.Reflexes.Count == 0 ? inner : new ReflexWatch(inner, policy.Reflexes, new ReflexOrders(_setup, Executor).Order);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _door?.Dispose();
        _setup.Journal.Dispose();
    }

    private static ExecutorSetup Setup(
        CommandOptions options, string directory, string hostId, HandlerSet handlers, Action<string, string>? onStep, TimeProvider time, ILogger log)
    {
        var outbox = new ReportOutbox();
        return new ExecutorSetup
        {
            HostId = hostId,
            Handlers = handlers,
            Journal = new CommandJournal(directory, options.Journal, time, outbox, log),
            Outbox = outbox,
            Policy = new PolicySource(options.PolicyFile, handlers.Definitions, log),
            Operators = new OperatorKeys(options.OperatorsDirectory),
            Options = options,
            Time = time,
            Log = log,
            OnStep = onStep,
        };
    }
}
