using System.Globalization;

namespace HostAgent.Aggregator.Schedules;

/// <summary>Which minutes, hours, days, months and weekdays a calendar expression means: bit sets.</summary>
/// <param name="Minutes">Bits 0 to 59.</param>
/// <param name="Hours">Bits 0 to 23.</param>
/// <param name="Days">Bits 1 to 31.</param>
/// <param name="Months">Bits 1 to 12.</param>
/// <param name="Weekdays">Bits 0 (Sunday) to 6.</param>
/// <param name="EitherDay">Days and weekdays are both restricted: one of them is enough, as in crontab(5).</param>
internal sealed record CalendarFields(ulong Minutes, ulong Hours, ulong Days, ulong Months, ulong Weekdays, bool EitherDay)
{
    /// <summary>Every hour of the day: then it goes by elapsed time and runs in both of the two equal hours when clocks go back.</summary>
    public bool EveryHour => Hours == AllHours;

    private const ulong AllHours = (1UL << 24) - 1;

    private static readonly string[] MonthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] WeekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The day is one of those meant.</summary>
    public bool Includes(DateOnly date)
    {
        if ((Months >> date.Month & 1) == 0)
        {
            return false;
        }

        bool day = (Days >> date.Day & 1) != 0, weekday = (Weekdays >> (int)date.DayOfWeek & 1) != 0;
        return EitherDay ? day || weekday : day && weekday;
    }

    /// <summary>Reads crontab(5)'s five fields, a word (<c>hourly</c>, <c>daily</c>, <c>weekly</c>, <c>monthly</c>, also with @), or
    /// <c>[weekdays] HH:MM</c> as in systemd.time(7): <c>Sun 02:00</c>, <c>Mon..Fri 08:30</c>, <c>daily 06:00</c>.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong.</exception>
    public static CalendarFields Parse(string text)
    {
        string[] parts = text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        switch (parts)
        {
            case ["hourly" or "@hourly"]:
                return Cron("0", "*", "*", "*", "*");
            case ["daily" or "@daily" or "@midnight"]:
                return Cron("0", "0", "*", "*", "*");
            case ["weekly" or "@weekly"]:
                return Cron("0", "0", "*", "*", "sun");
            case ["monthly" or "@monthly"]:
                return Cron("0", "0", "1", "*", "*");
            case ["yearly" or "@yearly" or "@annually"]:
                return Cron("0", "0", "1", "1", "*");
            case [var clock] when clock.Contains(':'):
                return At("*", clock);
            case ["daily" or "*-*-*", var clock] when clock.Contains(':'):
                return At("*", clock);
            case [var weekdays, var clock] when clock.Contains(':'):
                return At(weekdays.Replace("..", "-", StringComparison.Ordinal), clock);
            case [var weekdays, "*-*-*", var clock]:
                return At(weekdays.Replace("..", "-", StringComparison.Ordinal), clock);
            case [var minutes, var hours, var days, var months, var weekdays]:
                return Cron(minutes, hours, days, months, weekdays);
            default:
                throw new FormatException(
                    $"\"{text}\" is no calendar expression; write five crontab fields (0 2 * * sun), a word (hourly, daily, weekly, monthly), or a time such as Sun 02:00 or 06:00");
        }
    }

    private static CalendarFields At(string weekdays, string clock)
    {
        string[] parts = clock.Split(':');
        return parts.Length == 2 || (parts.Length == 3 && parts[2] == "00")
            ? Cron(parts[1], parts[0], "*", "*", weekdays)
            : throw new FormatException($"\"{clock}\" is no time of day; write HH:MM");
    }

    private static CalendarFields Cron(string minutes, string hours, string days, string months, string weekdays)
    {
        ulong weekdayBits = Set(weekdays, "weekday", 0, 7, WeekdayNames, 0);
        weekdayBits = (weekdayBits | weekdayBits >> 7) & 0x7f; // 7 is Sunday, too
        return new CalendarFields(
            Set(minutes, "minute", 0, 59, [], 0), Set(hours, "hour", 0, 23, [], 0), Set(days, "day", 1, 31, [], 0), Set(months, "month", 1, 12, MonthNames, 1),
            weekdayBits, days[0] != '*' && weekdays[0] != '*');
    }

    private static ulong Set(string text, string field, int min, int max, string[] names, int firstName)
    {
        ulong bits = 0;
        foreach (string item in text.Split(','))
        {
            string[] stepped = item.Split('/');
            string[] range = stepped[0].Split('-');
            bool all = stepped[0] == "*";
            int from = all ? min : Number(range[0]);
            int to = all ? max : range.Length == 2 ? Number(range[1]) : stepped.Length == 2 ? max : from;
            int step = stepped.Length == 2 ? Plain(stepped[1]) : 1;
            if (stepped.Length > 2 || range.Length > 2 || step < 1 || from < min || to > max || from > to)
            {
                throw Wrong(item);
            }

            for (int value = from; value <= to; value += step)
            {
                bits |= 1UL << value;
            }
        }

        return bits;

        int Number(string word) => Array.IndexOf(names, word.Length > 3 ? word[..3] : word) is >= 0 and var name ? name + firstName : Plain(word);

        int Plain(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong(word);

        FormatException Wrong(string what) => new($"\"{what}\" is no {field}; it goes from {min} to {max}, as *, 5, 1-5, */10 or 1,15");
    }
}
