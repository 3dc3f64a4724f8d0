using System.Globalization;

namespace HostAgent.Cli.Output;

/// <summary>Numbers for people. A dash stands for what is not known.</summary>
internal static class Units
{
    private static readonly string[] Prefixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>Bytes in binary units with about three digits: <c>23.4 GiB</c>.</summary>
    public static string Bytes(double? bytes) => Scaled(bytes) is var (number, prefix) ? $"{number} {prefix}B" : "-";

    /// <summary>Bytes per second: <c>1.20 MiB/s</c>.</summary>
    public static string Rate(double? bytesPerSecond) => Scaled(bytesPerSecond) is var (number, prefix) ? $"{number} {prefix}B/s" : "-";

    /// <summary>A ratio of 0 to 1 as <c>12.3 %</c>.</summary>
    public static string Percent(double? ratio) => ratio is { } known && double.IsFinite(known) ? Text($"{known * 100:0.0} %") : "-";

    /// <summary>How long ago: <c>0.4 s</c>, <c>12 s</c>, <c>5 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    public static string Age(TimeSpan? age) => age is not { } known ? "-" : Math.Max(0, known.TotalSeconds) switch
    {
        < 10 and var s => Text($"{s:0.0} s"),
        < 120 and var s => Text($"{s:0} s"),
        < 7200 and var s => Text($"{s / 60:0} min"),
        < 172_800 and var s => Text($"{s / 3600:0} h"),
        var s => Text($"{s / 86_400:0} d"),
    };

    /// <summary>A plain number with two decimals, as load averages are written.</summary>
    public static string TwoDecimals(double? value) => value is { } known ? Text($"{known:0.00}") : "-";

    /// <summary>A sample's value, exact, the way Prometheus writes it.</summary>
    public static string Value(double value)
        => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static (string Number, string Prefix)? Scaled(double? value)
    {
        if (value is not { } rest || !double.IsFinite(rest))
        {
            return null;
        }

        int unit = 0;
        while (Math.Abs(rest) >= 999.5 && unit < Prefixes.Length - 1)
        {
            rest /= 1024;
            unit++;
        }

        string format = unit == 0 || Math.Abs(rest) >= 99.95 ? "0" : Math.Abs(rest) >= 9.995 ? "0.0" : "0.00";
        return (rest.ToString(format, CultureInfo.InvariantCulture), Prefixes[unit]);
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
