using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling;

/// <summary>Which mounts are real file systems that an operator cares about, each once.</summary>
internal sealed class MountSelection(NamePatterns excludedTypes, NamePatterns excludedMounts)
{
    // A server, another machine or a program must answer for these, and may not.
    private static readonly NamePatterns RemoteTypes =
        new("nfs*,cifs,smb*,fuse*,ceph,glusterfs,lustre,9p,virtiofs,afs,beegfs*,gpfs,orangefs,pvfs2,ncpfs,coda,ocfs2,gfs2,davfs*");

    /// <summary>True when asking the file system for its size may block for as long as somebody else is silent.</summary>
    public static bool IsRemote(Mount mount) => RemoteTypes.Match(mount.Type);

    /// <summary>Picks from all mounts, in their order.</summary>
    public List<Mount> Select(List<Mount> mounts)
    {
        // What is mounted last on a mount point hides what was there before; of several mounts of one file system the whole one counts, or the first.
        Dictionary<string, Mount> byPoint = [];
        foreach (Mount mount in mounts)
        {
            byPoint[mount.MountPoint] = mount;
        }

        Dictionary<string, Mount> byDevice = [];
        foreach (Mount mount in mounts)
        {
            if (byPoint[mount.MountPoint] != mount || IsExcluded(mount))
            {
                continue;
            }

            if (!byDevice.TryGetValue(mount.DeviceNumber, out Mount? chosen) || (chosen.Root != "/" && mount.Root == "/"))
            {
                byDevice[mount.DeviceNumber] = mount;
            }
        }

        return [.. mounts.Where(mount => byDevice.TryGetValue(mount.DeviceNumber, out Mount? chosen) && ReferenceEquals(chosen, mount))];
    }

    // Whatever the root is made of (an overlay, a squashfs), that it is full is news.
    private bool IsExcluded(Mount mount) => mount.MountPoint == "/"
        ? mount.Type == "rootfs"
        : excludedTypes.Match(mount.Type) || excludedMounts.Match(mount.MountPoint);
}
