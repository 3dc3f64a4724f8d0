using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>Flags of open(2); two of them differ between architectures.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Append = 0x400;

    /// <summary>Opening a pipe or a device does not wait for its other end.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>A descriptor that only names the place.</summary>
    public const int PathOnly = 0x200000;

    public static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;
}
