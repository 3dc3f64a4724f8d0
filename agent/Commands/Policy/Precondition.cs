namespace HostAgent.Agent.Commands.Policy;

/// <summary>What must hold on the host when a command begins: <c>name=value</c> or <c>name!=value</c>, several separated by <c>;</c>, over the facts of its
/// plan. The name <c>budget</c> is no fact: <c>budget=override</c> asks for a run that the budget would not allow.</summary>
internal sealed class Precondition
{
    private readonly List<(string Name, bool IsEqual, string Value)> _terms = [];

    /// <summary>True when <c>budget=override</c> is among them.</summary>
    public bool OverridesBudget { get; private set; }

    /// <summary>Reads one; null with a <paramref name="fault"/> when it is not of this form.</summary>
    public static Precondition? Parse(string text, out string? fault)
    {
        var result = new Precondition();
        fault = null;
        foreach (string term in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = term.IndexOf('=', StringComparison.Ordinal);
            bool isEqual = equals < 1 || term[equals - 1] != '!';
            string name = equals < 1 ? "" : term[..(isEqual ? equals : equals - 1)].TrimEnd();
            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                fault = $"\"{term}\" is no precondition; it must be name=value or name!=value, several separated by ;";
                return null;
            }

            string value = term[(equals + 1)..].TrimStart();
            if (name == "budget")
            {
                if (!isEqual || value != "override")
                {
                    fault = $"\"{term}\" is no precondition; of the budget it can only be said budget=override";
                    return null;
                }

                result.OverridesBudget = true;
                continue;
            }

            result._terms.Add((name, isEqual, value));
        }

        return result;
    }

    /// <summary>What does not hold; null when all does.</summary>
    public string? Unmet(IReadOnlyDictionary<string, string> facts)
    {
        foreach ((string name, bool isEqual, string value) in _terms)
        {
            if (!facts.TryGetValue(name, out string? actual))
            {
                return $"the precondition {name}{(isEqual ? "=" : "!=")}{value} asks for something that was not seen; seen were {string.Join(", ", facts.Keys.Order(StringComparer.Ordinal))}";
            }

            if ((actual == value) != isEqual)
            {
                return $"the precondition {name}{(isEqual ? "=" : "!=")}{value} does not hold: {name} is {actual}";
            }
        }

        return null;
    }
}
