namespace HostAgent.Aggregator.Commands;

/// <summary>Why a request about commands is refused.</summary>
public enum CommandFault
{
    /// <summary>The request is malformed: asking again the same way cannot help.</summary>
    Invalid,

    /// <summary>There is no such command, host or kind.</summary>
    NotFound,

    /// <summary>It contradicts what is there: the id is taken, the command is over.</summary>
    Conflict,

    /// <summary>At least one target cannot or may not do it.</summary>
    Unfit,

    /// <summary>Too much at once; later it may be accepted.</summary>
    OverLimit,
}
