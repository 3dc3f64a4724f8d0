namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>A node of a parsed query.</summary>
/// <param name="Start">Index of its first character in the query.</param>
/// <param name="End">Index after its last character.</param>
internal abstract record Expression(int Start, int End)
{
    /// <summary>What it gives.</summary>
    public abstract ExpressionType Type { get; }

    /// <summary>In canonical form; reads back as an equal expression.</summary>
    public sealed override string ToString() => ExpressionPrinter.Print(this);

    /// <summary>The expression without parentheses around it.</summary>
    public Expression Unwrapped => this is ParenExpression paren ? paren.Inner.Unwrapped : this;
}
