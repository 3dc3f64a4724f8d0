using YamlDotNet.RepresentationModel;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>The fields of one YAML mapping; remembers which were asked for, so that a misspelt one is found.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly string _what;
    private readonly long _line;

    /// <exception cref="FormatException">The node is no mapping.</exception>
    public YamlFields(YamlNode node, string what)
    {
        (_what, _line) = (what, node.Start.Line);
        foreach ((YamlNode key, YamlNode value) in (node as YamlMappingNode ?? throw new FormatException($"line {_line}: a {what} is a mapping (name: value)")).Children)
        {
            _fields[(key as YamlScalarNode)?.Value ?? ""] = value;
        }
    }

    public string? Optional(string name)
        => !Ask(name, out YamlNode? node) ? null : (node as YamlScalarNode)?.Value ?? throw Wrong(name, "it is one text");

    public string Required(string name) => Optional(name) is { Length: > 0 } value ? value : throw new FormatException($"line {_line}: the {_what} has no {name}");

    public bool Flag(string name) => Optional(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Wrong(name, "it is true or false"),
    };

    public IEnumerable<YamlNode> List(string name)
        => !Ask(name, out YamlNode? node) ? [] : (node as YamlSequenceNode)?.Children ?? throw Wrong(name, "it is a list");

    public Dictionary<string, string> Map(string name)
        => !Ask(name, out YamlNode? node) ? []
            : (node as YamlMappingNode ?? throw Wrong(name, "it is a mapping (name: value)")).Children.ToDictionary(
                static c => (c.Key as YamlScalarNode)?.Value ?? "", c => (c.Value as YamlScalarNode)?.Value ?? throw Wrong(name, "its values are texts"));

    public YamlFields? Sub(string name) => Ask(name, out YamlNode? node) ? new YamlFields(node!, name) : null;

    public FormatException Wrong(string name, string why)
        => new($"line {(_fields.TryGetValue(name, out YamlNode? node) ? node.Start.Line : _line)}: {name} of the {_what}: {why}");

    /// <exception cref="FormatException">There is a field that nobody asked for.</exception>
    public void RequireNothingElse()
    {
        if (_fields.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown)
        {
            throw Wrong(unknown, $"there is no such field; there are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    private bool Ask(string name, out YamlNode? node)
    {
        _asked.Add(name);
        return _fields.TryGetValue(name, out node);
    }
}
