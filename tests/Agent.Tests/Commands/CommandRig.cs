using System.Collections.Concurrent;
using System.Security.Cryptography;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Execution;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Linux;
using HostAgent.Protos.Commands;
using HostAgent.TestSupport;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>Everything of the agent that carries out commands, over a directory of the test; the test gives the orders.</summary>
internal sealed class CommandRig : IDisposable, ILogger
{
    public const string HostId = "0123456789abcdef0123456789abcdef";

    public const string DefaultPolicy = """
        allow:
          - kinds: ["service.*"]
            subjects: ["unit:web-*.service"]
        """;

    public CommandRig(string directory, TimeProvider? time = null, CommandOptions? options = null, params ScriptedHandler[] handlers)
    {
        Directory = directory;
        Time = time ?? new FakeTime();
        Handler = handlers.Length > 0 ? handlers[0] : new ScriptedHandler("service.restart");
        string operators = Path.Combine(directory, "operators.d");
        System.IO.Directory.CreateDirectory(operators);
        Options = (options ?? new CommandOptions()) with { PolicyFile = Path.Combine(directory, "commands.yaml"), OperatorsDirectory = operators };
        if (!File.Exists(Options.PolicyFile))
        {
            SetPolicy(DefaultPolicy);
        }

        var set = new HandlerSet((handlers.Length > 0 ? handlers : [Handler]).Select(static one => one.Definition), new HandlerSetup(new LinuxRoots(), new ProcessRunner(), Time));
        Outbox = new ReportOutbox();
        Journal = new CommandJournal(directory, Options.Journal, Time, Outbox, this);
        Setup = new ExecutorSetup
        {
            HostId = HostId,
            Handlers = set,
            Journal = Journal,
            Outbox = Outbox,
            Policy = new PolicySource(Options.PolicyFile, set.Definitions, this),
            Operators = new OperatorKeys(operators),
            Options = Options,
            Time = Time,
            Log = this,
            OnStep = (id, step) => OnStep(id, step),
        };
        Executor = new Executor(Setup);
    }

    public string Directory { get; }

    public TimeProvider Time { get; }

    public CommandOptions Options { get; }

    public ScriptedHandler Handler { get; }

    public ReportOutbox Outbox { get; }

    public CommandJournal Journal { get; }

    public ExecutorSetup Setup { get; }

    public Executor Executor { get; }

    public Action<string, string> OnStep { get; set; } = static (_, _) => { };

    public ConcurrentQueue<string> Logged { get; } = new();

    public ConcurrentQueue<CommandReport> Reports { get; } = new();

    public static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public void SetPolicy(string text)
    {
        File.WriteAllText(Options.PolicyFile, text);
        File.SetUnixFileMode(Options.PolicyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // The clock of the file system is coarse: two policies of one length within a tick of it would look the same.
        File.SetLastWriteTimeUtc(Options.PolicyFile, DateTime.UnixEpoch.AddSeconds(Random.Shared.Next()));
    }

    public CommandOrder Order(string kind = "service.restart", string unit = "web-1.service", Action<OrderBody>? change = null)
    {
        long now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        var body = new OrderBody { CommandId = NewId(), Kind = kind, NotBeforeUnixMs = now, NotAfterUnixMs = now + 60_000 };
        body.Args.Add(new Arg { Name = "unit", Value = unit });
        body.Targets.Add(HostId);
        change?.Invoke(body);
        return new CommandOrder { Body = body, RequestedBy = "alice" };
    }

    public ECDsa AddOperator(string name)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string path = Path.Combine(Options.OperatorsDirectory, name + ".pem");
        File.WriteAllText(path, key.ExportSubjectPublicKeyInfoPem());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }

    public static CommandOrder Sign(CommandOrder order, params (string Name, ECDsa Key)[] operators)
    {
        order.Signatures.Add(operators.Select(one => OrderSigning.Sign(order.Body, one.Name, one.Key)));
        return order;
    }

    /// <summary>Gives an order and waits for its end.</summary>
    public async Task<CommandReport> DoAsync(CommandOrder order, CommandOrigin origin = CommandOrigin.Aggregator)
    {
        Executor.Submit(order, origin, Reports.Enqueue);
        return await EndOfAsync(order.Body.CommandId);
    }

    public async Task<CommandReport> EndOfAsync(string id)
    {
        CommandReport? report = null;
        await Eventually.TrueAsync(
            () => (report = Reports.FirstOrDefault(one => one.CommandId == id && one.State.IsFinal()) ?? Journal.Find(id)?.Report) is { } found && found.State.IsFinal(),
            $"the end of {id}");
        await Eventually.TrueAsync(() => Executor.UnderWay == 0 || Journal.Find(id) is null or { HasEnded: true }, "nothing under way");
        return report!;
    }

    public void Dispose() => Journal.Dispose();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
