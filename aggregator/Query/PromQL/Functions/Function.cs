using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>One function of the language.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Returns">What it gives.</param>
/// <param name="ArgumentTypes">What it takes; the last one also stands for all further arguments.</param>
/// <param name="MinArguments">Fewest arguments.</param>
/// <param name="MaxArguments">Most arguments.</param>
internal sealed record Function(
    string Name, ExpressionType Returns, IReadOnlyList<ExpressionType> ArgumentTypes, int MinArguments, int MaxArguments)
{
    /// <summary>Evaluates a call of a function that gives a vector.</summary>
    public Func<Evaluator, CallExpression, SeriesOperator>? Vector { get; init; }

    /// <summary>Evaluates a call of a function that gives a scalar.</summary>
    public Func<Evaluator, CallExpression, StepScalars>? Scalar { get; init; }
}
