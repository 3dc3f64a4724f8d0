namespace HostAgent.Torture.Verification;

/// <summary>What can be wrong after a run. Every one of them is a broken promise.</summary>
internal enum FindingKind
{
    /// <summary>The agent was told that the frame is durable, and it is not in the store.</summary>
    AcknowledgedLost,

    /// <summary>A frame stands in two runs of the account, or a sample twice in the store.</summary>
    StoredTwice,

    /// <summary>A frame is in no run of the account although its agent was able to keep it.</summary>
    Unaccounted,

    /// <summary>A killed agent lost frames that were older than what it may keep in memory alone.</summary>
    LostTooMuch,

    /// <summary>The agent reported the frame as lost, the aggregator said that it took note, and the account does not list it.</summary>
    ReportForgotten,

    /// <summary>The account lists a frame that was never produced.</summary>
    NeverProduced,

    /// <summary>Frames, samples or times of a run differ from what its agent produced.</summary>
    RunDiffers,

    /// <summary>A frame that counts as stored lacks samples, or samples are stored at an instant that has no stored frame.</summary>
    SamplesDiffer,

    /// <summary>A sample has another value than was sampled.</summary>
    ValueDiffers,

    /// <summary>A program used more memory than it may.</summary>
    MemoryExceeded,

    /// <summary>A program ended on its own, did not end when asked, or could not be started again.</summary>
    ProgramFailed,
}
