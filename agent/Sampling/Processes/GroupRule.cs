namespace HostAgent.Agent.Sampling.Processes;

/// <summary>Says which processes belong to a group: <c>name=postgres</c>, <c>argv=*mcp-server*</c>, <c>cgroup=/machine.slice/*</c>,
/// <c>unit=nginx.service</c> or <c>pidfile=/run/nginx.pid</c>.</summary>
internal sealed class GroupRule
{
    /// <summary>What a rule must be, to end the sentence "it must be ...".</summary>
    public const string Form = "one of name=NAME, argv=PATTERN, cgroup=PATH, unit=UNIT (a * stands for anything in each) or pidfile=/PATH";

    private const int MaxNameBytes = 15;

    private readonly BytePattern _pattern;

    private GroupRule(GroupRuleKind kind, string pattern)
    {
        Kind = kind;
        Text = pattern;
        _pattern = new BytePattern(pattern);
    }

    /// <summary>By what it goes.</summary>
    public GroupRuleKind Kind { get; }

    /// <summary>The pattern, or the path of the file.</summary>
    public string Text { get; }

    /// <summary>Null when <paramref name="text"/> is a rule, else what it must be.</summary>
    public static string? Check(string text) => Parse(text) is null ? Form : null;

    /// <summary>Reads a rule; null when the text is none.</summary>
    public static GroupRule? Parse(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        string value = sign < 0 ? "" : text[(sign + 1)..].Trim();
        if (value.Length == 0)
        {
            return null;
        }

        return text[..sign].Trim() switch
        {
            "name" => new(GroupRuleKind.Name, value),
            "argv" => new(GroupRuleKind.Argv, value),
            "cgroup" when value[0] is '/' or '*' => new(GroupRuleKind.Cgroup, value),
            "unit" => new(GroupRuleKind.Unit, value.Contains('.', StringComparison.Ordinal) || value.EndsWith('*') ? value : value + ".service"),
            "pidfile" when value[0] == '/' => new(GroupRuleKind.PidFile, value),
            _ => null,
        };
    }

    /// <summary>Whether a process of this name belongs; the kernel keeps no more than 15 bytes of a name.</summary>
    public bool MatchName(ReadOnlySpan<byte> name) =>
        _pattern.Match(name) || (!_pattern.HasStar && name.Length == MaxNameBytes && _pattern.Bytes.Length > MaxNameBytes && _pattern.Bytes.StartsWith(name));

    /// <summary>Whether a process with these arguments belongs.</summary>
    public bool MatchArguments(ReadOnlySpan<byte> joined) => _pattern.Match(joined);

    /// <summary>Whether a process in the control group at <paramref name="path"/> belongs: in the one that is named, or below it.</summary>
    public bool MatchCgroup(ReadOnlySpan<byte> path)
    {
        if (Kind == GroupRuleKind.Unit)
        {
            while (!path.IsEmpty)
            {
                int slash = path.IndexOf((byte)'/');
                if (_pattern.Match(slash < 0 ? path : path[..slash]))
                {
                    return true;
                }

                path = slash < 0 ? default : path[(slash + 1)..];
            }

            return false;
        }

        for (int end = path.Length; end > 0; end = path[..end].LastIndexOf((byte)'/'))
        {
            if (_pattern.Match(path[..end]))
            {
                return true;
            }
        }

        return false;
    }
}
