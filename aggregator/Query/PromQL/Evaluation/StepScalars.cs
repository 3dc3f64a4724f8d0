namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A scalar expression's value at each step.</summary>
internal readonly struct StepScalars
{
    private readonly double _constant;
    private readonly double[]? _perStep;

    /// <summary>The same at every step.</summary>
    public StepScalars(double constant) => _constant = constant;

    /// <summary>One value per step.</summary>
    public StepScalars(double[] perStep) => _perStep = perStep;

    /// <summary>Whether it is the same at every step.</summary>
    public bool IsConstant => _perStep is null;

    /// <summary>The value at a step.</summary>
    public double this[int step] => _perStep is null ? _constant : _perStep[step];
}
