using System.Globalization;

namespace HostAgent.Agent.Sampling;

/// <summary>Says what is wrong with <see cref="SamplingOptions"/>: key, value and what is allowed.</summary>
public static class SamplingOptionsCheck
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);

    /// <summary>One sentence per problem; empty when all is well.</summary>
    public static IReadOnlyList<string> Problems(SamplingOptions options) => Problems(options, SamplerCatalog.All);

    internal static IReadOnlyList<string> Problems(SamplingOptions options, IReadOnlyList<SamplerDefinition> catalog)
    {
        List<string> problems = [];
        CheckInterval("interval", options.Interval, problems);
        foreach ((string name, SamplerSettings settings) in options.Samplers)
        {
            string key = $"samplers.{name}";
            if (catalog.FirstOrDefault(one => one.Name == name) is not { } definition)
            {
                problems.Add($"{key}: there is no such sampler; there are {string.Join(", ", catalog.Select(one => one.Name))}");
                continue;
            }

            if (settings.Interval is { } interval)
            {
                CheckInterval($"{key}.interval", interval, problems);
            }

            if (settings.Timeout is { } timeout && (timeout < MinTimeout || timeout > MaxTimeout))
            {
                problems.Add($"{key}.timeout: {Text(timeout)} is not allowed; it must be from {Text(MinTimeout)} to {Text(MaxTimeout)}");
            }

            foreach ((string option, string value) in settings.Values)
            {
                CheckValue(key, definition, option, value, problems);
            }
        }

        if (problems.Count == 0)
        {
            CheckMultiples(options, catalog, problems);
        }

        return problems;
    }

    internal static void ThrowOnProblem(SamplingOptions options, IReadOnlyList<SamplerDefinition> catalog)
    {
        if (Problems(options, catalog) is [string problem, ..])
        {
            throw new ArgumentException(problem, nameof(options));
        }
    }

    private static void CheckInterval(string key, TimeSpan interval, List<string> problems)
    {
        if (interval < SamplingOptions.MinInterval || interval > SamplingOptions.MaxInterval || interval.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            problems.Add($"{key}: {Text(interval)} is not allowed; it must be from {Text(SamplingOptions.MinInterval)} to " +
                $"{Text(SamplingOptions.MaxInterval)} in whole milliseconds");
        }
    }

    private static void CheckValue(string key, SamplerDefinition definition, string option, string value, List<string> problems)
    {
        int dot = option.IndexOf('.', StringComparison.Ordinal);
        string name = dot < 0 ? option : option[..dot];
        if (definition.Options.FirstOrDefault(one => one.Name == name && (one.Kind == SamplerOptionKind.Named) == (dot > 0)) is not { } known)
        {
            string[] names = ["enabled", "interval", "timeout", .. definition.Options.Select(one => one.Name)];
            problems.Add($"{key}.{option}: there is no such option; there are {string.Join(", ", names)}");
            return;
        }

        (bool good, string allowed) = known.Kind switch
        {
            SamplerOptionKind.Flag => (bool.TryParse(value, out _), "true or false"),
            SamplerOptionKind.Count => (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _), $"a whole number from 0 to {int.MaxValue}"),
            _ => known.Check?.Invoke(value) is { } must ? (false, must) : (true, ""),
        };
        if (!good)
        {
            problems.Add($"{key}.{option}: \"{value}\" is not allowed; it must be {allowed}");
        }
    }

    // Ticks are the multiples of the shortest interval, so that is what the others must be multiples of.
    private static void CheckMultiples(SamplingOptions options, IReadOnlyList<SamplerDefinition> catalog, List<string> problems)
    {
        SamplerDefinition[] enabled = [.. catalog.Where(one => options.Samplers.GetValueOrDefault(one.Name)?.Enabled is not false)];
        if (enabled.Length == 0)
        {
            return;
        }

        TimeSpan shortest = enabled.Min(one => SamplerSlots.IntervalOf(one, options));
        foreach (SamplerDefinition one in enabled)
        {
            TimeSpan interval = SamplerSlots.IntervalOf(one, options);
            if (interval.Ticks % shortest.Ticks != 0)
            {
                problems.Add($"samplers.{one.Name}.interval: {Text(interval)} is not allowed; it must be a multiple of the shortest interval, {Text(shortest)}");
            }
        }
    }

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}
