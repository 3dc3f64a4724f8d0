namespace HostAgent.Agent.Sampling;

/// <summary>What a <see cref="SamplerOption"/> may hold.</summary>
public enum SamplerOptionKind
{
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A whole number, 0 or more.</summary>
    Count,

    /// <summary>Names separated by commas; a <c>*</c> at the end stands for any rest. May be empty.</summary>
    Patterns,

    /// <summary>Text in the form that the option's help tells; <see cref="SamplerOption.Check"/> judges it.</summary>
    Text,

    /// <summary>A mapping from names of the operator's choice to texts, each judged by <see cref="SamplerOption.Check"/>.</summary>
    Named,
}
