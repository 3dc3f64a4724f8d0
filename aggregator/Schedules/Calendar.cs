using System.Globalization;

namespace HostAgent.Aggregator.Schedules;

/// <summary>When something is due: a calendar expression in a time zone. A time of day that clocks skip in spring falls due at the instant they jump;
/// one that comes twice in autumn falls due the first time. Expressions for every hour go by elapsed time instead.</summary>
public sealed class Calendar
{
    // The longest distance between two 29ths of February.
    private const int MaxDays = (8 * 366) + 1;

    private readonly CalendarFields _fields;
    private readonly TimeZoneInfo _zone;

    private Calendar(string text, CalendarFields fields, TimeZoneInfo zone) => (Text, _fields, _zone) = (text, fields, zone);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>IANA name of the zone.</summary>
    public string Zone => _zone.Id;

    /// <summary>Reads an expression; <paramref name="zone"/> is an IANA name such as Europe/Berlin, or UTC.</summary>
    /// <exception cref="FormatException">One of them is wrong, or the expression never falls due.</exception>
    public static Calendar Parse(string text, string zone = "UTC")
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found))
        {
            throw new FormatException($"\"{zone}\" is no time zone of this machine; write an IANA name such as Europe/Berlin, or UTC (package tzdata has them)");
        }

        var calendar = new Calendar(text, CalendarFields.Parse(text), found);
        return calendar.Next(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)) is null
            ? throw new FormatException($"\"{text}\" never falls due")
            : calendar;
    }

    /// <summary>The first instant later than <paramref name="after"/>; null when there is none within eight years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        DateOnly day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, _zone).DateTime);
        for (int i = -1; i < MaxDays; i++)
        {
            DateOnly date = day.AddDays(i);
            if (_fields.Includes(date) && Instants(date).Where(instant => instant > after).Order().Select(static instant => (DateTimeOffset?)instant).FirstOrDefault() is { } next)
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>The next few instants.</summary>
    public IEnumerable<DateTimeOffset> Upcoming(DateTimeOffset after, int count)
    {
        for (int i = 0; i < count && Next(after) is { } next; i++)
        {
            yield return next;
            after = next;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Text} ({Zone})");

    private IEnumerable<DateTimeOffset> Instants(DateOnly date)
    {
        for (int hour = 0; hour < 24; hour++)
        {
            for (int minute = 0; minute < 60 && (_fields.Hours >> hour & 1) != 0; minute++)
            {
                if ((_fields.Minutes >> minute & 1) == 0)
                {
                    continue;
                }

                DateTime local = date.ToDateTime(new TimeOnly(hour, minute), DateTimeKind.Unspecified);
                if (_zone.IsInvalidTime(local))
                {
                    yield return EndOfGap(local);
                }
                else if (_zone.IsAmbiguousTime(local))
                {
                    TimeSpan[] offsets = [.. _zone.GetAmbiguousTimeOffsets(local).OrderDescending()]; // the greater offset comes first
                    yield return new DateTimeOffset(local, offsets[0]).ToUniversalTime();
                    if (_fields.EveryHour)
                    {
                        yield return new DateTimeOffset(local, offsets[^1]).ToUniversalTime();
                    }
                }
                else
                {
                    yield return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
                }
            }
        }
    }

    // Clocks jump at whole minutes. The local time in front of the gap tells the offset that was valid until the jump.
    private DateTimeOffset EndOfGap(DateTime skipped)
    {
        DateTime before = skipped;
        while (_zone.IsInvalidTime(before))
        {
            before = before.AddMinutes(-1);
        }

        return new DateTimeOffset(before, _zone.GetUtcOffset(before)).AddMinutes(1).ToUniversalTime();
    }
}
