using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HostAgent.Agent.Containers;

/// <summary>What matters here of a Compose file (the Compose Specification): the project's name, its services, and who needs whom.</summary>
/// <param name="Name">The project's name: of the file, or of its directory.</param>
/// <param name="Services">Services in an order in which each comes after those that it depends on.</param>
internal sealed record ComposeFile(string Name, IReadOnlyList<string> Services)
{
    /// <summary>Names that are looked for, in this order.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

    /// <summary>Reads the text of a file that lies in <paramref name="directory"/>.</summary>
    /// <exception cref="FormatException">It is no Compose file; the message has the line.</exception>
    public static ComposeFile Parse(string text, string directory)
    {
        var needs = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        string name = ProjectName(directory);
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            parser.Consume<MappingStart>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                string key = parser.Consume<Scalar>().Value;
                if (key == "services")
                {
                    ReadServices(parser, needs);
                }
                else if (key == "name" && parser.TryConsume<Scalar>(out Scalar? own))
                {
                    name = own.Value;
                }
                else
                {
                    parser.SkipThisAndNestedEvents();
                }
            }
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }

        return needs.Count == 0 ? throw new FormatException("it declares no services") : new ComposeFile(name, InOrder(needs));
    }

    /// <summary>The name of a directory in small letters, digits, dashes and underscores.</summary>
    internal static string ProjectName(string directory)
    {
        string last = directory.TrimEnd('/').Split('/')[^1].ToLowerInvariant();
        var name = new StringBuilder();
        foreach (char c in last.Where(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            name.Append(c);
        }

        return name.ToString().TrimStart('-', '_');
    }

    private static void ReadServices(Parser parser, SortedDictionary<string, List<string>> needs)
    {
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            List<string> dependencies = needs[parser.Consume<Scalar>().Value] = [];
            if (!parser.TryConsume<MappingStart>(out _))
            {
                parser.SkipThisAndNestedEvents(); // an alias or nothing at all
                continue;
            }

            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (parser.Consume<Scalar>().Value == "depends_on")
                {
                    ReadDependencies(parser, dependencies);
                }
                else
                {
                    parser.SkipThisAndNestedEvents();
                }
            }
        }
    }

    // A list of names, or a mapping from names to conditions.
    private static void ReadDependencies(Parser parser, List<string> dependencies)
    {
        if (parser.TryConsume<SequenceStart>(out _))
        {
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                dependencies.Add(parser.Consume<Scalar>().Value);
            }
        }
        else if (parser.TryConsume<MappingStart>(out _))
        {
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                dependencies.Add(parser.Consume<Scalar>().Value);
                parser.SkipThisAndNestedEvents();
            }
        }
        else
        {
            parser.SkipThisAndNestedEvents();
        }
    }

    private static List<string> InOrder(SortedDictionary<string, List<string>> needs)
    {
        List<string> order = [];
        while (order.Count < needs.Count)
        {
            string next = needs.FirstOrDefault(one => !order.Contains(one.Key) && one.Value.All(need => order.Contains(need) || !needs.ContainsKey(need))).Key
                ?? throw new FormatException($"its services depend on each other in a circle: {string.Join(", ", needs.Keys.Except(order))}");
            order.Add(next);
        }

        return order;
    }
}
