namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>What a range function makes of one window; <see cref="StepValues.Absent"/> when it has nothing to say.</summary>
/// <param name="window">The samples.</param>
/// <param name="scalars">The scalar arguments at this step, in the order of writing.</param>
internal delegate double RangeFunctionBody(scoped in SampleWindow window, ReadOnlySpan<double> scalars);
