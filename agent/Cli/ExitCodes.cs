namespace HostAgent.Agent.Cli;

/// <summary>Exit codes of hostagent, numbered as in sysexits.h so that supervisors and scripts can tell them apart.</summary>
internal static class ExitCodes
{
    /// <summary>Ended as asked.</summary>
    public const int Ok = 0;

    /// <summary>A command that <c>execute</c> ordered did not succeed.</summary>
    public const int NotDone = 1;

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>A defect of the program itself (EX_SOFTWARE); the message is worth a report.</summary>
    public const int Software = 70;

    /// <summary>The state directory is in use by another agent, or an output file cannot be made (EX_CANTCREAT).</summary>
    public const int CannotCreate = 73;

    /// <summary>The operating system refuses access to a file that was named (EX_NOPERM).</summary>
    public const int NoPermission = 77;

    /// <summary>A setting is wrong (EX_CONFIG): starting again cannot help.</summary>
    public const int Configuration = 78;
}
