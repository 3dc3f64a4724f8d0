using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The instants that a selector looks at: each step of the grid, moved by offset, or one fixed by @.</summary>
internal readonly struct ShiftedTime
{
    private readonly StepGrid _grid;
    private readonly long? _fixedUnixMs;
    private readonly long _offsetMs;

    public ShiftedTime(StepGrid grid, TimeShift shift, EvaluationContext context)
    {
        _grid = grid;
        _offsetMs = shift.OffsetMs;
        long? at = shift.AtUnixMs ?? shift.AtBound switch
        {
            QueryBound.Start => context.StartUnixMs,
            QueryBound.End => context.EndUnixMs,
            _ => null,
        };
        _fixedUnixMs = at - shift.OffsetMs;
    }

    /// <summary>Whether every step looks at the same instant.</summary>
    public bool IsFixed => _fixedUnixMs is not null;

    /// <summary>The instant that a step looks at.</summary>
    public long this[int step] => _fixedUnixMs ?? (_grid[step] - _offsetMs);

    /// <summary>The earliest of them.</summary>
    public long First => this[0];

    /// <summary>The latest.</summary>
    public long Last => this[Math.Max(0, _grid.Count - 1)];

    /// <summary>The first step that looks at or after the instant; all when they look at the same.</summary>
    public int FirstStepAtOrAfter(long unixMs)
        => _fixedUnixMs is { } at ? (at >= unixMs ? 0 : _grid.Count) : _grid.FirstAtOrAfter(unixMs + _offsetMs);
}
