namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>A moment in the Gregorian calendar, in UTC, for any year.</summary>
internal readonly struct UtcDate
{
    private const long MaxSeconds = 1L << 55; // a billion years either way

    private readonly long _days; // since 1970-01-01
    private readonly int _secondOfDay;

    private UtcDate(long unixSeconds)
    {
        _days = Math.DivRem(unixSeconds, 86_400, out long rest);
        (_days, _secondOfDay) = rest < 0 ? (_days - 1, (int)rest + 86_400) : (_days, (int)rest);

        // http://howardhinnant.github.io/date_algorithms.html#civil_from_days: years that begin in March end with the leap day.
        long fromMarch = _days + 719_468;
        long era = fromMarch >= 0 ? fromMarch / 146_097 : (fromMarch - 146_096) / 146_097;
        int dayOfEra = (int)(fromMarch - (era * 146_097));
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int month = ((5 * dayOfYear) + 2) / 153;
        Day = dayOfYear - (((153 * month) + 2) / 5) + 1;
        Month = month < 10 ? month + 3 : month - 9;
        Year = yearOfEra + (era * 400) + (Month <= 2 ? 1 : 0);
    }

    public long Year { get; }

    /// <summary>1 to 12.</summary>
    public int Month { get; }

    /// <summary>1 to 31.</summary>
    public int Day { get; }

    public int Hour => _secondOfDay / 3600;

    public int Minute => _secondOfDay / 60 % 60;

    /// <summary>0 is Sunday.</summary>
    public int DayOfWeek => (int)((((_days + 4) % 7) + 7) % 7);

    /// <summary>1 to 366.</summary>
    public int DayOfYear
    {
        get
        {
            int day = Day;
            for (int month = 1; month < Month; month++)
            {
                day += DaysIn(month);
            }

            return day;
        }
    }

    /// <summary>28 to 31.</summary>
    public int DaysInMonth => DaysIn(Month);

    /// <summary>False for a number that is no time: NaN, infinite, or a billion years away. Fractions are cut off.</summary>
    public static bool TryFromUnixSeconds(double seconds, out UtcDate date)
    {
        bool valid = Math.Abs(seconds) <= MaxSeconds;
        date = valid ? new UtcDate((long)seconds) : default;
        return valid;
    }

    private int DaysIn(int month) => month switch
    {
        2 => Year % 4 == 0 && (Year % 100 != 0 || Year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };
}
