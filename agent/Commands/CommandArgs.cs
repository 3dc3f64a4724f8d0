using System.Globalization;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands;

/// <summary>Definitions of arguments in one line each, and their values as what they are. The executor has checked them.</summary>
internal static class CommandArgs
{
    public static ArgDef Name(string name, string help, bool required = false)
        => new() { Name = name, Help = help, Type = ArgType.Name, Required = required };

    public static ArgDef Text(string name, string help, string standard = "", int max = 256)
        => new() { Name = name, Help = help, Type = ArgType.Text, DefaultValue = standard, Max = max };

    public static ArgDef Path(string name, string help, bool required = false)
        => new() { Name = name, Help = help, Type = ArgType.Path, Required = required, Max = 4096 };

    public static ArgDef Integer(string name, string help, long min, long max, string standard = "", bool required = false)
        => new() { Name = name, Help = help, Type = ArgType.Integer, Min = min, Max = max, DefaultValue = standard, Required = required };

    public static ArgDef Flag(string name, string help, bool standard = false)
        => new() { Name = name, Help = help, Type = ArgType.Boolean, DefaultValue = standard ? "true" : "false" };

    public static ArgDef Choice(string name, string help, string standard, params string[] choices)
        => new() { Name = name, Help = help, Type = ArgType.Choice, DefaultValue = standard, Required = standard.Length == 0, Choices = { choices } };

    public static ArgDef Duration(string name, string help, TimeSpan min, TimeSpan max, string standard = "", bool required = false) => new()
    {
        Name = name,
        Help = help,
        Type = ArgType.Duration,
        Min = (long)min.TotalMilliseconds,
        Max = (long)max.TotalMilliseconds,
        DefaultValue = standard,
        Required = required,
    };

    /// <summary>An argument that is required or has a default.</summary>
    public static string Must(this CommandContext context, string name) => context.Args[name];

    public static long Number(this CommandContext context, string name) => long.Parse(context.Must(name), CultureInfo.InvariantCulture);

    public static bool IsSet(this CommandContext context, string name) => context.Arg(name) == "true";

    public static TimeSpan Time(this CommandContext context, string name)
        => ArgCheck.TryParseDuration(context.Must(name), out TimeSpan duration) ? duration : throw new FormatException($"{name} is no duration");
}
