namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Operators between two expressions.</summary>
internal enum BinaryOperator
{
    Or,
    And,
    Unless,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Atan2,
    Power,
}
