using System.Reflection;
using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>The runbooks there are: the stock ones that come with the program, and those that operators have put beside or in place of them.</summary>
internal sealed class RunbookShelf(RunbookDocuments documents)
{
    private const string Prefix = "runbooks/";

    private static readonly Lazy<SortedDictionary<string, string>> Stock = new(ReadStock);

    /// <summary>Every runbook by name, with its text and whether it is a stock one.</summary>
    public IReadOnlyList<(string Name, string Yaml, bool IsStock)> All()
    {
        var all = new SortedDictionary<string, (string Yaml, bool IsStock)>(Stock.Value.ToDictionary(static s => s.Key, static s => (s.Value, true)), StringComparer.Ordinal);
        foreach ((string name, string yaml) in documents.Runbooks())
        {
            all[name] = (yaml, false);
        }

        return [.. all.Select(static r => (r.Key, r.Value.Yaml, r.Value.IsStock))];
    }

    /// <summary>The runbook of this name, and its text.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public (Runbook Runbook, string Yaml, bool IsStock) Get(string name)
    {
        (string Name, string Yaml, bool IsStock) found = All().FirstOrDefault(r => r.Name == name);
        return found.Yaml is null
            ? throw new CommandException(CommandFault.NotFound, $"There is no runbook called \"{name}\"; GET /v1/runbooks lists them.")
            : (RunbookParser.Parse(found.Yaml), found.Yaml, found.IsStock);
    }

    /// <summary>Puts a runbook on the shelf, in place of one of the same name.</summary>
    /// <exception cref="CommandException">It is none, or calls itself otherwise.</exception>
    public Runbook Put(string name, string yaml)
    {
        Runbook runbook = RunbookParser.Parse(yaml);
        if (runbook.Name != name || name.Length > 64 || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
        {
            throw CommandException.Invalid("name", $"The runbook calls itself \"{runbook.Name}\", not \"{name}\"; names have 1 to 64 letters, digits, dots, dashes and underscores.");
        }

        documents.SaveRunbook(name, yaml);
        return runbook;
    }

    /// <summary>Takes a runbook off the shelf; a stock one of the same name appears again.</summary>
    /// <exception cref="CommandException">There is none, or it is a stock one.</exception>
    public void Remove(string name)
    {
        if (Get(name).IsStock)
        {
            throw new CommandException(CommandFault.Conflict, $"{name} comes with the program; put another of this name in its place instead.");
        }

        documents.SaveRunbook(name, null);
    }

    private static SortedDictionary<string, string> ReadStock()
    {
        var stock = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Assembly assembly = typeof(RunbookShelf).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            stock[Path.GetFileNameWithoutExtension(resource)] = reader.ReadToEnd();
        }

        return stock;
    }
}
