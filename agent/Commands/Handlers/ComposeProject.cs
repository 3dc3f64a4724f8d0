using System.Text;
using HostAgent.Agent.Containers;
using HostAgent.Agent.Linux;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>A Compose project as its directory declares it.</summary>
/// <param name="Directory">Absolute.</param>
/// <param name="File">The file's name in it.</param>
/// <param name="Content">What the file says.</param>
internal sealed record ComposeProject(string Directory, string File, ComposeFile Content)
{
    private const int MaxBytes = 1 << 20;

    // The plugin and the stand-alone program are the same since version 2, and the plugin runs by itself.
    private static readonly string[] Programs =
    [
        "/usr/libexec/docker/cli-plugins/docker-compose", "/usr/lib/docker/cli-plugins/docker-compose", "/usr/local/lib/docker/cli-plugins/docker-compose",
        "/usr/local/bin/docker-compose", "/usr/bin/docker-compose",
    ];

    /// <summary>The Compose program of this host; null when none is installed.</summary>
    public static string? Program => Programs.FirstOrDefault(System.IO.File.Exists);

    /// <summary>Reads the project; no part of the path may be a symbolic link.</summary>
    /// <exception cref="IOException">There is none; the message says what is missing.</exception>
    /// <exception cref="FormatException">The file is wrong.</exception>
    public static ComposeProject Read(LinuxRoots roots, string directory)
    {
        string folder = directory.TrimEnd('/');
        using DirectoryHandle handle = DirectoryHandle.OpenParent(roots.Tree, folder + "/x", out _);
        string name = ComposeFile.FileNames.FirstOrDefault(one => handle.Status(one) is not null)
            ?? throw new IOException($"{folder} holds no Compose file ({string.Join(", ", ComposeFile.FileNames)})");
        using SafeFileHandle file = handle.Open(name, OpenFlags.ReadOnly);
        byte[] bytes = new byte[MaxBytes];
        int count = RandomAccess.Read(file, bytes, 0);
        try
        {
            return new ComposeProject(folder, name, ComposeFile.Parse(Encoding.UTF8.GetString(bytes, 0, count), folder));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{folder}/{name}: {e.Message}", e);
        }
    }

    /// <summary>Containers of the project by service, as the labels of Compose tell.</summary>
    public async Task<IReadOnlyList<(string Service, ContainerState Container)>> ContainersAsync(EngineClient engine, CancellationToken cancellation)
    {
        IReadOnlyList<ContainerState> all = await engine.ListAsync([$"com.docker.compose.project={Content.Name}"], cancellation);
        return [.. all.Where(one => one.Labels.GetValueOrDefault("com.docker.compose.oneoff") is not "True")
            .Select(static one => (one.Labels.GetValueOrDefault("com.docker.compose.service") ?? "", one))];
    }
}
