namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>The modifiers <c>offset</c> and <c>@</c>.</summary>
/// <param name="OffsetMs">How far to look back from the evaluation time; negative looks ahead.</param>
/// <param name="AtUnixMs">Fixed evaluation time, or null.</param>
/// <param name="AtBound">@ start() or @ end(), or null.</param>
internal readonly record struct TimeShift(long OffsetMs, long? AtUnixMs, QueryBound? AtBound)
{
    /// <summary>Whether any form of @ was written.</summary>
    public bool IsFixed => AtUnixMs is not null || AtBound is not null;
}
