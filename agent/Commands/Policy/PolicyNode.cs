using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>A piece of a YAML file that knows its line: a text, a list or a mapping. References and tags are not understood.</summary>
internal sealed class PolicyNode
{
    private const int MaxDepth = 8;

    private PolicyNode(long line) => Line = line;

    /// <summary>Line in the file, from 1.</summary>
    public long Line { get; }

    /// <summary>The text, when it is one.</summary>
    public string? Text { get; private init; }

    /// <summary>The parts, when it is a list.</summary>
    public IReadOnlyList<PolicyNode>? Items { get; private init; }

    /// <summary>The entries, when it is a mapping.</summary>
    public IReadOnlyList<(string Key, PolicyNode Value)>? Entries { get; private init; }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">It is not YAML of this form; the message begins with the line.</exception>
    public static PolicyNode Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return new PolicyNode(1) { Entries = [] };
            }

            PolicyNode root = Read(parser, MaxDepth);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : throw Wrong(parser, "a policy is one document");
        }
        catch (YamlException error)
        {
            throw new InvalidDataException($"{error.Start.Line}: this is not YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // The scanner throws these, without a line, on some texts that are no YAML.
            throw new InvalidDataException($"{parser.Current?.End.Line ?? 1}: this is not YAML: behind this line something stands where it cannot", error);
        }
    }

    private static PolicyNode Read(Parser parser, int depth)
    {
        if (depth == 0)
        {
            throw Wrong(parser, "it is nested too deeply");
        }

        if (parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            return new PolicyNode(scalar.Start.Line) { Text = scalar.Value };
        }

        if (parser.TryConsume<SequenceStart>(out SequenceStart? list))
        {
            var items = new List<PolicyNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, depth - 1));
            }

            return new PolicyNode(list.Start.Line) { Items = items };
        }

        if (!parser.TryConsume<MappingStart>(out MappingStart? mapping))
        {
            throw Wrong(parser, "references are not understood");
        }

        var entries = new List<(string Key, PolicyNode Value)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out Scalar? key))
            {
                throw Wrong(parser, "a key must be a plain word");
            }

            if (entries.Any(entry => entry.Key == key.Value))
            {
                throw new InvalidDataException($"{key.Start.Line}: {key.Value} is set twice");
            }

            entries.Add((key.Value, Read(parser, depth - 1)));
        }

        return new PolicyNode(mapping.Start.Line) { Entries = entries };
    }

    private static InvalidDataException Wrong(Parser parser, string what) => new($"{parser.Current?.Start.Line ?? 1}: {what}");
}
