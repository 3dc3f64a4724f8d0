namespace HostAgent.Agent.Linux;

/// <summary>Where the kernel's file systems are mounted. Tests put fixtures in their place; an agent in a container is given the host's.</summary>
internal sealed record LinuxRoots
{
    /// <summary>Mount point of procfs; default <c>/proc</c>.</summary>
    public string Proc { get; init; } = "/proc";

    /// <summary>Mount point of sysfs; default <c>/sys</c>.</summary>
    public string Sys { get; init; } = "/sys";

    /// <summary>What stands before every mount point when its file system is asked for its size; default empty. An agent in a container that sees
    /// the host's tree at <c>/host</c> has <c>/host</c> here.</summary>
    public string Tree { get; init; } = "";

    /// <summary>A file below procfs; <paramref name="path"/> without a leading slash.</summary>
    public KernelFile ProcFile(string path) => new($"{Proc}/{path}");

    /// <summary>A file below sysfs; <paramref name="path"/> without a leading slash.</summary>
    public KernelFile SysFile(string path) => new($"{Sys}/{path}");
}
