using System.Globalization;

namespace HostAgent.Agent.Spool;

/// <summary>The file name of a segment: epoch and first sequence as 16 hex digits each, so that names sort by age.</summary>
internal static class SegmentName
{
    public const string Extension = ".segment";

    public static string Of(ulong epoch, ulong first) =>
        string.Create(CultureInfo.InvariantCulture, $"{epoch:x16}-{first:x16}{Extension}");

    public static bool TryParse(string name, out ulong epoch, out ulong first)
    {
        (epoch, first) = (0, 0);
        return name.Length == 33 + Extension.Length && name[16] == '-' && name.EndsWith(Extension, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out epoch)
            && ulong.TryParse(name.AsSpan(17, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out first);
    }
}
