using System.Text;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Linux;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>One command through its handler the way the executor takes it: check, plan, run; with what it reported on the way.</summary>
internal sealed class HandlerRun
{
    private readonly StringBuilder _output = new();
    private readonly CommandHandler _handler;

    public HandlerRun(string kind, HandlerSetup setup, params (string Name, string Value)[] args)
    {
        Definition = HandlerCatalog.All.Single(one => one.Kind == kind);
        string? fault = ArgCheck.Check(Definition.Args, args.Select(static a => new Arg { Name = a.Name, Value = a.Value }), out var complete);
        Assert.Null(fault);
        _handler = Definition.Create(setup);
        Context = new CommandContext
        {
            CommandId = Guid.NewGuid().ToString("n"),
            Args = complete,
            Progress = (percent, text) => Progress.Add((percent, text)),
            Output = bytes => _output.Append(Encoding.UTF8.GetString(bytes.Span)),
        };
    }

    public HandlerDefinition Definition { get; }

    public CommandContext Context { get; }

    public List<(int Percent, string Text)> Progress { get; } = [];

    public string Output => _output.ToString();

    public CommandPlan? Plan { get; private set; }

    /// <summary>A setup over this machine, or over the tree of another root.</summary>
    public static HandlerSetup Setup(string tree = "") => new(new LinuxRoots { Tree = tree }, new ProcessRunner(), TimeProvider.System);

    public async Task<CommandPlan> PlanAsync() => Plan = await _handler.PlanAsync(Context, TestContext.Current.CancellationToken);

    /// <summary>Plans and, when nothing refuses, runs.</summary>
    public async Task<CommandOutcome> RunAsync(TimeSpan? limit = null)
    {
        CommandPlan plan = Plan ?? await PlanAsync();
        Assert.Null(plan.Refusal);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(limit ?? TimeSpan.FromSeconds(40));
        return await _handler.RunAsync(Context, plan, timeout.Token);
    }

    /// <summary>What the handler finds when the agent comes back after dying in the middle; plan first.</summary>
    public async Task<CommandOutcome?> ReconcileAsync(DateTimeOffset begun)
        => await _handler.ReconcileAsync(Context, Plan!.Facts, begun.ToUnixTimeMilliseconds(), TestContext.Current.CancellationToken);
}
