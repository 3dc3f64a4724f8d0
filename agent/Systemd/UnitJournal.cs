using System.Globalization;

namespace HostAgent.Agent.Systemd;

/// <summary>journalctl(1) for the last lines of a unit: the journal's files have a format of their own, and this is who knows all its versions.</summary>
internal static class UnitJournal
{
    private static readonly string[] Places = ["/usr/bin/journalctl", "/bin/journalctl"];

    /// <summary>The program and its arguments; null when it is not installed.</summary>
    /// <param name="tree">Root of the host's files; empty for /.</param>
    /// <param name="unit">Whose lines; null for the whole journal.</param>
    /// <param name="lines">How many.</param>
    /// <param name="more">Further arguments.</param>
    public static string[]? Command(string tree, string? unit, int lines, params string[] more)
    {
        string? program = Places.FirstOrDefault(File.Exists);
        return program is null ? null :
        [
            program, "--no-pager", "--quiet", "--output=short-iso", "--lines=" + lines.ToString(CultureInfo.InvariantCulture),
            .. unit is null ? Array.Empty<string>() : ["--unit=" + unit],
            .. tree.Length == 0 ? Array.Empty<string>() : ["--root=" + tree],
            .. more,
        ];
    }
}
