using System.Globalization;
using System.Text;
using HostAgent.Agent.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>What the handlers' definitions say, for people (docs/commands.md) and as the list that must not grow unseen.</summary>
internal static class CommandDocument
{
    /// <summary>Every kind of the agent's own; tests register others.</summary>
    public static IReadOnlyList<HandlerDefinition> Kinds { get; } =
        [.. HandlerCatalog.All.Where(static one => one.Create.Method.Module.Assembly == typeof(HandlerCatalog).Assembly)];

    /// <summary>One line for each kind: what it may do and who must sign.</summary>
    public static string List()
    {
        var text = new StringBuilder("kind | changes the host | signatures | arguments (* required)\n");
        foreach (HandlerDefinition kind in Kinds)
        {
            string args = string.Join(", ", kind.Args.Select(static arg => arg.Name + (arg.Required ? "*" : "") + (arg.Secret ? " (secret)" : "")));
            text.Append(CultureInfo.InvariantCulture, $"{kind.Kind} | {(kind.Changes ? "changes" : "looks")} | {kind.Signatures} | {args}\n");
        }

        return text.ToString();
    }

    /// <summary>The tables of docs/commands.md.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (HandlerDefinition kind in Kinds)
        {
            string signatures = kind.Signatures == 0 ? "none, unless the policy asks for some" : kind.Signatures.ToString(CultureInfo.InvariantCulture) + " at least";
            text.Append(CultureInfo.InvariantCulture, $"### {kind.Kind}\n\n{kind.Help} {(kind.Changes ? "Changes the host." : "Only looks.")}\n")
                .Append(CultureInfo.InvariantCulture, $"Operators' signatures: {signatures}. Ends after {Duration(kind.DefaultTimeout)} unless the order says otherwise.\n\n");
            if (kind.Args.Count > 0)
            {
                text.Append("| argument | | default | |\n|---|---|---|---|\n");
                foreach (ArgDef arg in kind.Args)
                {
                    string standard = arg.Required ? "required" : arg.DefaultValue.Length > 0 ? $"`{arg.DefaultValue}`" : "";
                    text.Append(CultureInfo.InvariantCulture, $"| `{arg.Name}` | {Type(arg)} | {standard} | {arg.Help} |\n");
                }

                text.Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Type(ArgDef arg) => arg.Type switch
    {
        ArgType.Integer => arg.Max == long.MaxValue || arg.Max == 0 ? $"whole number, {arg.Min} or more" : $"whole number, {arg.Min} to {arg.Max}",
        ArgType.Boolean => "true or false",
        ArgType.Duration => $"duration, {Duration(TimeSpan.FromMilliseconds(arg.Min))} to {Duration(TimeSpan.FromMilliseconds(arg.Max))}",
        ArgType.Choice => "one of " + string.Join(", ", arg.Choices.Select(static choice => $"`{choice}`")),
        ArgType.Path => "absolute path",
        ArgType.Name => "name",
        _ => $"text, at most {(arg.Max == 0 ? 256 : arg.Max)} characters",
    };

    private static string Duration(TimeSpan span) => span.TotalMilliseconds switch
    {
        0 => "0s",
        < 1000 => $"{span.TotalMilliseconds}ms",
        _ when span.TotalSeconds % 86400 == 0 => $"{span.TotalDays}d",
        _ when span.TotalSeconds % 3600 == 0 => $"{span.TotalHours}h",
        _ when span.TotalSeconds % 60 == 0 => $"{span.TotalMinutes}m",
        _ => $"{span.TotalSeconds}s",
    };
}
