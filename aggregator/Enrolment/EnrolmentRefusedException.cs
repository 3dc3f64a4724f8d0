namespace HostAgent.Aggregator.Enrolment;

/// <summary>A host does not get a certificate. The message is for the operator who reads the agent's log.</summary>
/// <param name="isForbidden">False: it did not show who it is. True: it did, and may not.</param>
/// <param name="message">Why, and what to do.</param>
/// <param name="isMalformed">The request itself is wrong: the same again cannot help.</param>
internal sealed class EnrolmentRefusedException(bool isForbidden, string message, bool isMalformed = false) : Exception(message)
{
    public bool IsForbidden { get; } = isForbidden;

    public bool IsMalformed { get; } = isMalformed;
}
