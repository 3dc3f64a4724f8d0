using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>Whether an order may be carried out: everything that is checked before anything is done. Each method throws
/// <see cref="CommandRefusedException"/> with the reason.</summary>
internal sealed class CommandJudgement(ExecutorSetup setup, CommandOrder order, CommandOrigin origin)
{
    // Nobody orders for later than this, and what was begun has to be remembered until then.
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(31);

    private IReadOnlyList<string> _operators = [];
    private Precondition _precondition = Precondition.Parse("", out _)!;

    /// <summary>What the kind is. Only after <see cref="BeforePlan"/>.</summary>
    public HandlerDefinition Definition { get; private set; } = null!;

    /// <summary>Checked arguments with defaults. Only after <see cref="BeforePlan"/>.</summary>
    public IReadOnlyDictionary<string, string> Args { get; private set; } = new Dictionary<string, string>();

    private OrderBody Body => order.Body;

    private long NowMs => setup.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private long SkewMs => (long)setup.Options.ClockSkew.TotalMilliseconds;

    // Whoever can talk to the agent from within this host as root needs no signature to do the same by hand.
    private bool IsSigned => _operators.Count > 0 || origin == CommandOrigin.Local;

    /// <summary>How long until it may begin.</summary>
    public TimeSpan UntilNotBefore => TimeSpan.FromMilliseconds(Math.Clamp(Body.NotBeforeUnixMs - SkewMs - NowMs, 0, MaxAhead.TotalMilliseconds));

    /// <summary>Whom it is for and when.</summary>
    public void TargetAndTimes()
    {
        if (!Body.Targets.Contains(setup.HostId))
        {
            throw CommandRefusedException.Rejected($"it is not for this host, whose id is {setup.HostId}");
        }

        if (Body.NotAfterUnixMs <= 0 || Body.NotBeforeUnixMs > Body.NotAfterUnixMs)
        {
            throw CommandRefusedException.Rejected("its not-after is missing or lies before its not-before");
        }

        if (Body.NotAfterUnixMs - NowMs > MaxAhead.TotalMilliseconds)
        {
            throw CommandRefusedException.Rejected($"its not-after lies more than {MaxAhead.TotalDays:0} days ahead");
        }

        NotTooLate();
    }

    /// <summary>Its time is not over yet.</summary>
    public void NotTooLate()
    {
        long lateMs = NowMs - Body.NotAfterUnixMs;
        if (lateMs > SkewMs)
        {
            throw new CommandRefusedException(CommandState.Expired,
                $"its not-after was over {lateMs / 1000} s ago by this host's clock, more than the {SkewMs / 1000} s that clocks may differ; nothing was done");
        }

        if (Body.NotAfterUnixMs <= setup.Journal.ForgottenUnixMs)
        {
            throw new CommandRefusedException(CommandState.Expired,
                "its not-after is older than what this host's journal remembers, so it may have been done before; nothing was done");
        }
    }

    /// <summary>Everything that can be said without looking at the host.</summary>
    public void BeforePlan()
    {
        Definition = setup.Handlers.Define(Body.Kind)
            ?? throw CommandRefusedException.Rejected(
                $"this agent knows no kind {Body.Kind}; it knows {string.Join(", ", setup.Handlers.Definitions.Select(static one => one.Kind).DefaultIfEmpty("none"))}");
        if (ArgCheck.Check(Definition.Args, Body.Args, out IReadOnlyDictionary<string, string> args) is { } fault)
        {
            throw CommandRefusedException.Rejected(fault);
        }

        Args = args;
        _precondition = Precondition.Parse(Body.Precondition, out string? unreadable) ?? throw CommandRefusedException.Rejected(unreadable!);
        _operators = setup.Operators.Verify(order, out string? unsound);
        if (unsound is not null)
        {
            throw CommandRefusedException.Rejected(unsound);
        }

        CommandPolicy policy = Policy();
        if (!policy.Allows(Body.Kind))
        {
            throw CommandRefusedException.Rejected($"the policy of this host ({setup.Policy.Path}) does not allow {Body.Kind}");
        }

        RequireSignatures(policy.FewestSignatures(Definition));
    }

    /// <summary>What the policy says to a plan: its subjects, each with the rule that allows it.</summary>
    public IReadOnlyList<(string Subject, PolicyRule Rule)> Allow(CommandPlan plan)
    {
        if (plan.Refusal is { } refusal)
        {
            throw CommandRefusedException.Rejected(refusal);
        }

        if (plan.Subjects.Count is 0 or > byte.MaxValue)
        {
            throw CommandRefusedException.Rejected($"it would act on {plan.Subjects.Count} subjects: 1 to {byte.MaxValue} are allowed");
        }

        CommandPolicy policy = Policy();
        var decisions = new List<(string Subject, PolicyRule Rule)>();
        DateTimeOffset local = setup.Time.GetLocalNow();
        foreach (string subject in plan.Subjects.Distinct(StringComparer.Ordinal))
        {
            PolicyRule rule = policy.RuleFor(Body.Kind, subject)
                ?? throw CommandRefusedException.Rejected($"the policy of this host ({setup.Policy.Path}) does not allow {Body.Kind} on {subject}");
            if (rule.Windows.Count > 0 && !rule.Windows.Any(window => window.Contains(local)))
            {
                throw CommandRefusedException.Rejected($"the policy of this host does not allow {Body.Kind} on {subject} at {local:ddd HH:mm} ({rule.Place})");
            }

            RequireSignatures(Math.Max(rule.Signatures, Definition.Signatures));
            decisions.Add((subject, rule));
        }

        if (_precondition.Unmet(plan.Facts) is { } unmet)
        {
            throw CommandRefusedException.Rejected(unmet);
        }

        return decisions;
    }

    /// <summary>The budgets allow one more run. Returns the subjects with their places in the chain of runs.</summary>
    public IReadOnlyList<SubjectRun> WithinBudget(IReadOnlyList<(string Subject, PolicyRule Rule)> decisions, IEnumerable<CommandEntry> entries)
    {
        if (_precondition.OverridesBudget && !IsSigned)
        {
            throw CommandRefusedException.Rejected("budget=override counts only in an order that an operator has signed");
        }

        var judge = new BudgetJudge(Body.Kind, decisions, NowMs);
        if (!_precondition.OverridesBudget && judge.Refusal(entries, IsSigned, out string? gaveUpOn) is { } refusal)
        {
            throw new CommandRefusedException(CommandState.Rejected, refusal)
            {
                Results = gaveUpOn is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [BudgetJudge.GaveUpResult] = gaveUpOn },
            };
        }

        return judge.Runs(entries, IsSigned);
    }

    private CommandPolicy Policy()
    {
        CommandPolicy policy = setup.Policy.Current(out string? problem);
        return problem is null ? policy : throw CommandRefusedException.Rejected(problem);
    }

    private void RequireSignatures(int count)
    {
        if (origin != CommandOrigin.Local && _operators.Count < count)
        {
            throw CommandRefusedException.Rejected(
                $"{Body.Kind} needs the signatures of {count} different operators on this host; the order has {_operators.Count}");
        }
    }
}
