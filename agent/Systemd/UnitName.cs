namespace HostAgent.Agent.Systemd;

/// <summary>Names of units (systemd.unit(5)).</summary>
internal static class UnitName
{
    private static readonly string[] Suffixes = [".service", ".socket", ".timer", ".path"];

    /// <summary>The full name: .service is added to one without a suffix. Null when it is no name of a service, socket, timer or path.</summary>
    public static string? Complete(string name)
    {
        if (name.Length is 0 or > 255 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@') || name[0] is '-' or '.')
        {
            return null;
        }

        return Suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal) && name.Length > suffix.Length) ? name
            : IsOtherKind(name) ? null : name + ".service";
    }

    private static bool IsOtherKind(string name)
        => name.Split('.')[^1] is "target" or "mount" or "automount" or "swap" or "slice" or "scope" or "device" && name.Contains('.', StringComparison.Ordinal);
}
