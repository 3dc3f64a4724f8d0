namespace HostAgent.Cli;

/// <summary>Exit codes of hostctl; 64 and up as in sysexits.h.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and the answer is good.</summary>
    public const int Ok = 0;

    /// <summary>A negative answer: nothing matches, no such host, or health says warning.</summary>
    public const int Negative = 1;

    /// <summary>A critical answer: health says unhealthy.</summary>
    public const int Critical = 2;

    /// <summary>What was asked for was not done: refused, rejected, expired, cancelled, undeliverable, or nobody knows.</summary>
    public const int NotDone = 3;

    /// <summary>The command line, or a selector or time in it, is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The aggregator cannot be reached or cannot answer now (EX_UNAVAILABLE).</summary>
    public const int Unreachable = 69;

    /// <summary>What answered is no aggregator, or one of the two programs has a defect (EX_SOFTWARE).</summary>
    public const int Software = 70;

    /// <summary>The aggregator wants a token, or one that may do more (EX_NOPERM).</summary>
    public const int NoPermission = 77;

    /// <summary>Ended by Ctrl-C while what was asked for goes on (128 + SIGINT, as shells say it).</summary>
    public const int Interrupted = 130;
}
