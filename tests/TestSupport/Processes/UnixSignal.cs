namespace HostAgent.TestSupport.Processes;

/// <summary>The signals that tests send, by their Linux number (signal(7)).</summary>
public enum UnixSignal
{
    /// <summary>Interrupt from the keyboard.</summary>
    Interrupt = 2,

    /// <summary>Ends the process at once; it cannot prepare.</summary>
    Kill = 9,

    /// <summary>Asks the process to end.</summary>
    Terminate = 15,

    /// <summary>Lets a stopped process go on.</summary>
    Continue = 18,

    /// <summary>Stops the process; it cannot prepare.</summary>
    Stop = 19,
}
