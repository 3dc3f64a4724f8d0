namespace HostAgent.Aggregator.Hosting;

/// <summary>Exit codes of hostaggregator, numbered as in sysexits.h so that supervisors and scripts can tell them apart.</summary>
internal static class ExitCodes
{
    /// <summary>Ended as asked.</summary>
    public const int Ok = 0;

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>What is to be read is not there (EX_NOINPUT).</summary>
    public const int NoInput = 66;

    /// <summary>A defect of the program itself (EX_SOFTWARE); the log has the details.</summary>
    public const int Software = 70;

    /// <summary>The data directory is in use or cannot be made, or an address is taken (EX_CANTCREAT).</summary>
    public const int CannotCreate = 73;

    /// <summary>The operating system refuses access to the data directory or an address (EX_NOPERM).</summary>
    public const int NoPermission = 77;

    /// <summary>An option or environment variable has a value that is not allowed (EX_CONFIG).</summary>
    public const int Configuration = 78;
}
