namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>How many series of each side may share their matching labels.</summary>
internal enum VectorCardinality
{
    OneToOne,

    /// <summary>group_left</summary>
    ManyToOne,

    /// <summary>group_right</summary>
    OneToMany,
}
