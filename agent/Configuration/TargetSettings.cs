using System.Text.RegularExpressions;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Databases;

namespace HostAgent.Agent.Configuration;

/// <summary>The settings below <c>databases.</c> and <c>checks.</c>: what commands may name on this host.</summary>
internal sealed partial class TargetSettings
{
    public const string DatabasesPrefix = "databases.";
    public const string ChecksPrefix = "checks.";

    private const int MaxArguments = 64;

    private readonly SortedDictionary<string, DatabaseTarget> _databases = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, CheckTarget> _checks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _places = new(StringComparer.Ordinal);

    /// <summary>True when a setting of this name may be a list.</summary>
    public static bool IsList(string name) => CheckCommand().IsMatch(name);

    /// <summary>Takes a setting. Returns what its value must be; null when it is well.</summary>
    public string? Add(Setting setting)
    {
        string[] path = setting.Name.Split('.', 4);
        if (path.Length < 3 || path[1].Length == 0)
        {
            return "a name with settings below it";
        }

        _places.TryAdd($"{path[0]}.{path[1]}", setting.Place);
        return path[0] == "databases" ? AddDatabase(path, setting.Value.Trim()) : AddCheck(path, setting.Value);
    }

    /// <summary>What is declared, and what is missing in it.</summary>
    public LocalTargets Build(List<string> problems)
    {
        problems.AddRange(_databases.Values.Where(static one => (one.EnvFile is null) == (one.UrlFile is null))
            .Select(one => $"{_places["databases." + one.Name]}: databases.{one.Name} needs either env_file or url_file"));
        problems.AddRange(_checks.Values.Where(static one => one.Command.Count == 0 || one.Command[0].Length == 0 || one.Command[0][0] != '/')
            .Select(one => $"{_places["checks." + one.Name]}: checks.{one.Name} needs a command: a list that begins with an absolute path"));
        return new LocalTargets { Databases = _databases, Checks = _checks };
    }

    private string? AddDatabase(string[] path, string value)
    {
        DatabaseTarget target = _databases.GetValueOrDefault(path[1]) ?? new DatabaseTarget { Name = path[1] };
        switch (path)
        {
            case [_, _, "env_file" or "url_file"] when !Path.IsPathRooted(value):
                return "the absolute path of a file";
            case [_, _, "env_file"]:
                target = target with { EnvFile = value };
                break;
            case [_, _, "url_file"]:
                target = target with { UrlFile = value };
                break;
            case [_, _, "variable"]:
                target = target with { Variable = value };
                break;
            case [_, _, "retention", var table]:
                string[] words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length != 2 || SettingText.Duration(words[1]) is not { } age || age <= TimeSpan.Zero || !SqlName.IsSound(table) || !SqlName.IsSound(words[0]))
                {
                    return "a column and the least age of a row that may be deleted, such as \"created_at 30d\"";
                }

                target = target with { Retention = new Dictionary<string, (string, TimeSpan)>(target.Retention) { [table] = (words[0], age) } };
                break;
            default:
                return "below one of env_file, url_file, variable, retention.TABLE";
        }

        _databases[path[1]] = target;
        return null;
    }

    private string? AddCheck(string[] path, string value)
    {
        CheckTarget check = _checks.GetValueOrDefault(path[1]) ?? new CheckTarget { Name = path[1], Command = [] };
        switch (path)
        {
            case [_, _, "command", _] when check.Command.Count >= MaxArguments:
                return $"one of at most {MaxArguments} arguments";
            case [_, _, "command", _]:
                check = check with { Command = [.. check.Command, value] };
                break;
            case [_, _, "timeout"]:
                if (SettingText.Duration(value) is not { } timeout || timeout < TimeSpan.FromSeconds(1) || timeout > TimeSpan.FromMinutes(10))
                {
                    return "a duration from 1s to 10m";
                }

                check = check with { Timeout = timeout };
                break;
            default:
                return "below one of command (a list), timeout";
        }

        _checks[path[1]] = check;
        return null;
    }

    [GeneratedRegex(@"^checks\.[^.]+\.command$")]
    private static partial Regex CheckCommand();
}
