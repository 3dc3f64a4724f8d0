using System.Globalization;

namespace HostAgent.Aggregator.Commands;

/// <summary>A number of hosts, or a percentage of them: <c>3</c> or <c>10%</c>.</summary>
/// <param name="Number">How many, or how many percent.</param>
/// <param name="IsPercent">It is a percentage.</param>
public readonly record struct Share(int Number, bool IsPercent)
{
    /// <summary>What is allowed, for error messages.</summary>
    public const string Allowed = "write a number of hosts such as 3, or a percentage such as 10%";

    /// <summary>Reads <c>3</c> or <c>10%</c>.</summary>
    public static bool TryParse(string text, out Share share)
    {
        bool percent = text.EndsWith('%');
        bool good = int.TryParse(percent ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && (!percent || number <= 100);
        share = new Share(number, percent);
        return good;
    }

    /// <summary>How many of <paramref name="total"/>, rounded down.</summary>
    public int Of(int total) => IsPercent ? (int)((long)total * Number / 100) : Number;

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}
