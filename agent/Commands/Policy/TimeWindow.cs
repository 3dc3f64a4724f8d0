namespace HostAgent.Agent.Commands.Policy;

/// <summary>Hours of the week in the host's own time zone, such as <c>Mon-Fri 08:00-18:00</c> or <c>22:00-04:00</c>, which ends the day after.</summary>
/// <param name="Days">By <see cref="DayOfWeek"/>: the days on which it begins.</param>
/// <param name="From">Minute of the day, included.</param>
/// <param name="To">Minute of the day, not included; not later than <paramref name="From"/>: it ends the day after.</param>
internal sealed record TimeWindow(IReadOnlyList<bool> Days, int From, int To)
{
    private const int DayMinutes = 24 * 60;
    private static readonly string[] Names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>Reads <c>[DAY[-DAY]] HH:MM-HH:MM</c>; null when it is not that.</summary>
    public static TimeWindow? Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (1 or 2) || Times(words[^1]) is not var (from, to))
        {
            return null;
        }

        bool[] days = new bool[7];
        if (words.Length == 1)
        {
            Array.Fill(days, true);
            return new TimeWindow(days, from, to);
        }

        string[] ends = words[0].Split('-');
        int first = Array.IndexOf(Names, ends[0]), last = Array.IndexOf(Names, ends[^1]);
        if (ends.Length > 2 || first < 0 || last < 0)
        {
            return null;
        }

        for (int day = first; ; day = (day + 1) % 7)
        {
            days[day] = true;
            if (day == last)
            {
                return new TimeWindow(days, from, to);
            }
        }
    }

    /// <summary>True when this local time lies within.</summary>
    public bool Contains(DateTimeOffset local)
    {
        int minute = (local.Hour * 60) + local.Minute, day = (int)local.DayOfWeek;
        return From < To
            ? Days[day] && minute >= From && minute < To
            : (Days[day] && minute >= From) || (Days[(day + 6) % 7] && minute < To);
    }

    private static (int From, int To)? Times(string text)
    {
        string[] ends = text.Split('-');
        return ends.Length == 2 && Minute(ends[0]) is { } from && from < DayMinutes && Minute(ends[1]) is { } to ? (from, to) : null;
    }

    private static int? Minute(string text) =>
        text.Length == 5 && text[2] == ':' && int.TryParse(text.AsSpan(0, 2), System.Globalization.NumberStyles.None, null, out int hour)
        && int.TryParse(text.AsSpan(3), System.Globalization.NumberStyles.None, null, out int minute) && minute < 60
        && (hour < 24 || (hour == 24 && minute == 0)) ? (hour * 60) + minute : null;
}
