namespace HostAgent.Cli.Commands;

/// <summary>Arguments as they are typed: <c>name=value</c>.</summary>
internal static class NamedValues
{
    /// <summary>The values by name.</summary>
    /// <exception cref="CliException">One has no =, or stands twice.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> pairs)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            string[] parts = pair.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0 || !values.TryAdd(parts[0], parts[1]))
            {
                throw new CliException(ExitCodes.Usage, parts.Length == 2 ? $"argument {parts[0]} stands twice" : $"\"{pair}\" is no argument; write name=value");
            }
        }

        return values;
    }
}
