using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>Which systemd unit and which container a control group belongs to, by the names that systemd, Docker, Podman and containerd give.</summary>
/// <param name="Unit">The innermost service of the path, or else its innermost scope that is no container; empty: none.</param>
/// <param name="Container">The first twelve digits of the innermost container's id, as docker ps prints them; empty: none.</param>
internal sealed record CgroupOwner(string Unit, string Container)
{
    private const int ShortIdDigits = 12;
    private const int IdDigits = 64;

    /// <summary>Neither a unit nor a container.</summary>
    public static readonly CgroupOwner Nobody = new("", "");

    /// <summary>Reads the path of a control group, for example <c>/system.slice/docker-4d…e9.scope</c> or <c>/docker/4d…e9</c>.</summary>
    public static CgroupOwner Of(ReadOnlySpan<byte> path)
    {
        string service = "", scope = "", container = "";
        foreach (string part in Encoding.UTF8.GetString(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IdIn(part) is { } id)
            {
                container = id;
            }
            else if (part.EndsWith(".service", StringComparison.Ordinal))
            {
                service = part;
            }
            else if (part.EndsWith(".scope", StringComparison.Ordinal))
            {
                scope = part;
            }
        }

        return new CgroupOwner(service.Length > 0 ? service : scope, container);
    }

    // docker-ID.scope, libpod-ID.scope, cri-containerd-ID.scope, crio-ID.scope, libpod-payload-ID, or the id alone below /docker or /kubepods.
    private static string? IdIn(string part)
    {
        string name = part.EndsWith(".scope", StringComparison.Ordinal) ? part[..^".scope".Length] : part;
        string id = name[(name.LastIndexOf('-') + 1)..];
        return id.Length == IdDigits && id.All(char.IsAsciiHexDigitLower) ? id[..ShortIdDigits] : null;
    }
}
