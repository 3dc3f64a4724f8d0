using System.Globalization;
using HostAgent.V1;

namespace HostAgent.Protos.Commands;

/// <summary>Checks arguments against what a kind declares. The aggregator checks before it accepts a command, the agent before it acts.</summary>
public static class ArgCheck
{
    /// <summary>Most characters of a text, path or name whose definition sets no limit.</summary>
    public const int DefaultMaxCharacters = 256;

    /// <summary>What is wrong, for people; null when all is well. Then <paramref name="complete"/> has every argument, defaults filled in.</summary>
    public static string? Check(IReadOnlyList<ArgDef> definitions, IEnumerable<Arg> given, out IReadOnlyDictionary<string, string> complete)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        complete = values;
        foreach (Arg arg in given)
        {
            ArgDef? definition = definitions.FirstOrDefault(d => d.Name == arg.Name);
            if (definition is null)
            {
                string known = definitions.Count == 0 ? "it takes none" : "it takes " + string.Join(", ", definitions.Select(static d => d.Name));
                return $"unknown argument {Shown(arg.Name)}; {known}";
            }

            if (!values.TryAdd(arg.Name, arg.Value))
            {
                return $"argument {arg.Name} stands twice";
            }

            if (Fault(definition, arg.Value) is { } fault)
            {
                return $"argument {arg.Name}: {fault}";
            }
        }

        foreach (ArgDef definition in definitions)
        {
            if (!values.ContainsKey(definition.Name))
            {
                if (definition.Required)
                {
                    return $"argument {definition.Name} is missing: {definition.Help}";
                }

                if (definition.DefaultValue.Length > 0)
                {
                    values[definition.Name] = definition.DefaultValue;
                }
            }
        }

        return null;
    }

    /// <summary>A duration as operators write it: 500ms, 30s, 5m, 1h30m, 7d. False when it is none, is negative or has no unit.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        double ms = 0;
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (at == start || at - start > 9 || !long.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                return false;
            }

            int unit = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
            {
                at++;
            }

            double each = text[unit..at] switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => 0 };
            if (each == 0)
            {
                return false;
            }

            ms += number * each;
        }

        if (text.Length == 0 || ms > TimeSpan.FromDays(3650).TotalMilliseconds)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(ms);
        return true;
    }

    private static string? Fault(ArgDef definition, string value) => definition.Type switch
    {
        ArgType.Integer => Integer(definition, value),
        ArgType.Boolean => value is "true" or "false" ? null : $"{Shown(value)} is neither true nor false",
        ArgType.Duration => Duration(definition, value),
        ArgType.Choice => definition.Choices.Contains(value) ? null : $"{Shown(value)} is not one of {string.Join(", ", definition.Choices)}",
        ArgType.Path => Path(value) ?? Length(definition, value),
        ArgType.Name => Name(value) ?? Length(definition, value),
        _ => value.Any(static c => char.IsControl(c) && c is not ('\n' or '\t')) ? "it has control characters" : Length(definition, value),
    };

    private static string? Integer(ArgDef definition, string value)
        => !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? $"{Shown(value)} is not a whole number"
            : OutOf(definition, number) ? $"{number} is not within {definition.Min} and {definition.Max}" : null;

    private static string? Duration(ArgDef definition, string value)
        => !TryParseDuration(value, out TimeSpan duration) ? $"{Shown(value)} is not a duration such as 30s, 5m or 1h30m"
            : OutOf(definition, (long)duration.TotalMilliseconds) ? $"{value} is not within {definition.Min} ms and {definition.Max} ms" : null;

    private static bool OutOf(ArgDef definition, long number)
        => (definition.Min != 0 || definition.Max != 0) && (number < definition.Min || number > definition.Max);

    private static string? Length(ArgDef definition, string value)
    {
        long limit = definition.Max == 0 ? DefaultMaxCharacters : definition.Max;
        return value.Length > limit ? $"it has {value.Length} characters, the limit is {limit}" : null;
    }

    private static string? Path(string value)
        => !value.StartsWith('/') ? $"{Shown(value)} is not an absolute path"
            : value.Split('/').Any(static part => part is "." or "..") ? $"{Shown(value)} has . or .. parts"
            : value.Any(char.IsControl) ? "it has control characters" : null;

    private static string? Name(string value)
        => value.Length == 0 ? "it is empty"
            : value[0] == '-' ? $"{Shown(value)} begins with a dash"
            : value.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '/') ? $"{Shown(value)} has spaces, slashes or control characters" : null;

    private static string Shown(string text)
    {
        string safe = string.Concat(text.Take(64).Select(static c => char.IsControl(c) ? '?' : c));
        return $"\"{safe}{(text.Length > 64 ? "..." : "")}\"";
    }
}
