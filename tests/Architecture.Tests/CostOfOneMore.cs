using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>Finds every place that one more sampler or backend would have to be added to, beyond its own.</summary>
internal static partial class CostOfOneMore
{
    public const string Samplers = "agent/Sampling/Samplers/";
    public const string Storage = "aggregator/Storage/";

    /// <summary>Mentions of a sampler outside its file: of its class anywhere, of its name elsewhere in the agent, of its metrics anywhere but in hostctl,
    /// whose screen chooses what it shows.</summary>
    public static List<string> SecondMentionsOfSamplers(IReadOnlyList<SourceFile> product)
    {
        List<string> found = [];
        foreach (SourceFile sampler in product.Where(file => file.Path.StartsWith(Samplers, StringComparison.Ordinal)))
        {
            string className = Path.GetFileNameWithoutExtension(sampler.Path);
            string name = NameOf(sampler) ?? throw new InvalidOperationException($"{sampler.Path} registers no sampler");
            string[] metrics = [.. Metric().Matches(sampler.Code).Select(match => match.Groups[1].Value).Distinct()];
            foreach (SourceFile other in product.Where(file => file != sampler && !file.Path.StartsWith("cli/", StringComparison.Ordinal)))
            {
                // "cpu" is also a word of the kernel's, a file of the pressure sampler's and a heading of the diagnosis, "process" also a label: there the
                // class and the metrics decide.
                bool namesIt = other.Path.StartsWith("agent/", StringComparison.Ordinal) && !other.Path.StartsWith("agent/Linux/", StringComparison.Ordinal)
                    && !other.Path.StartsWith("agent/Sampling/", StringComparison.Ordinal) && !other.Path.StartsWith("agent/Commands/Handlers/", StringComparison.Ordinal)
                    && Regex.IsMatch(other.Code, $"\"{name}\"|\"samplers\\.{name}\\b");
                if (namesIt || Regex.IsMatch(other.Code, $@"\b{className}\b") || metrics.Any(metric => other.Code.Contains($"\"{metric}\"", StringComparison.Ordinal)))
                {
                    found.Add($"{other.Path} mentions the sampler of {sampler.Path}");
                }
            }
        }

        return found;
    }

    /// <summary>Mentions of a backend's types outside its folder; the composition root may name the backend itself.</summary>
    public static List<string> SecondMentionsOfBackends(IReadOnlyList<SourceFile> product)
    {
        List<string> found = [];
        foreach (SourceFile backend in product.Where(file => BackendFile().IsMatch(file.Path)))
        {
            string folder = backend.Path[..(backend.Path.LastIndexOf('/') + 1)];
            string backendName = Path.GetFileNameWithoutExtension(backend.Path);
            string[] types = [.. product.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file.Path))];
            foreach (SourceFile other in product.Where(file => !file.Path.StartsWith(folder, StringComparison.Ordinal)))
            {
                found.AddRange(types
                    .Where(type => !((type == backendName || type.EndsWith("Documents", StringComparison.Ordinal)) && other.Path == "aggregator/Program.cs"))
                    .Where(type => Regex.IsMatch(other.Code, $@"\b{type}\b")).Select(type => $"{other.Path} mentions {type} of {folder}"));
            }
        }

        return found;
    }

    /// <summary>The name under which a sampler registers itself.</summary>
    public static string? NameOf(SourceFile sampler) => Registered().Match(sampler.Code) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("\\bName = \"([a-z]+)\",")]
    private static partial Regex Registered();

    [GeneratedRegex("new\\(\\s*\"((?:host|hostagent)_[a-z0-9_]+)\"")]
    private static partial Regex Metric();

    [GeneratedRegex("^aggregator/Storage/([A-Za-z]+)/\\1Backend\\.cs$")]
    private static partial Regex BackendFile();
}
