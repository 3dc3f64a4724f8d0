namespace HostAgent.Agent.Databases;

/// <summary>Names in SQL text, which cannot be parameters.</summary>
internal static class SqlName
{
    /// <summary>True for a name, or a schema and a name with a dot, that this class quotes.</summary>
    public static bool IsSound(string name)
        => name.Length is > 0 and <= 127 && name.Split('.') is { Length: 1 or 2 } parts && parts.All(static part => part.Length is > 0 and <= 63 && !part.Any(char.IsControl));

    /// <summary>The name as an identifier: each part in double quotes, those within doubled.</summary>
    public static string Quote(string name)
        => string.Join('.', name.Split('.', 2).Select(static part => $"\"{part.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
