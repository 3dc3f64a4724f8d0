namespace Grpc.Core;

/// <summary>How a call ended. The numbers are the wire values of <c>grpc-status</c> (gRPC statuscodes.md).</summary>
public enum StatusCode
{
    /// <summary>Success.</summary>
    OK = 0,

    /// <summary>Cancelled, typically by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error that carries no better code.</summary>
    Unknown = 2,

    /// <summary>The caller's argument is wrong whatever the state of the system: do not retry.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first. The operation may nevertheless have taken effect.</summary>
    DeadlineExceeded = 4,

    /// <summary>The requested entity does not exist.</summary>
    NotFound = 5,

    /// <summary>The entity to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but not allowed to do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a limit or a medium is exhausted.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state the operation needs: retry only after the state has been changed.</summary>
    FailedPrecondition = 9,

    /// <summary>Aborted, typically by a concurrent change: retry at a higher level.</summary>
    Aborted = 10,

    /// <summary>Past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The service does not have this method.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the system is broken.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now: retry with back-off.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or corrupt beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The caller gave no valid credentials.</summary>
    Unauthenticated = 16,
}
