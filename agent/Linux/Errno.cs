using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>The errno values that the agent tells apart (errno(3); the same on x86-64 and arm64).</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int EEXIST = 17;
    public const int ENODEV = 19;
    public const int ENOTDIR = 20;
    public const int EINVAL = 22;
    public const int ENOSYS = 38;
    public const int ELOOP = 40;
    public const int EPROTONOSUPPORT = 93;
    public const int EOPNOTSUPP = 95;
    public const int EAFNOSUPPORT = 97;

    /// <summary>True for the answers of a kernel that does not have the thing asked for (not built in, switched off, no such device).</summary>
    public static bool MeansAbsent(int errno) => errno is ENOENT or ENODEV or ENOSYS or EOPNOTSUPP or EPROTONOSUPPORT or EAFNOSUPPORT;

    /// <summary>The C library's words for an errno and its number.</summary>
    public static string Describe(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";

    /// <summary>errno of the call just made by this thread, for imports with SetLastError.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();
}
