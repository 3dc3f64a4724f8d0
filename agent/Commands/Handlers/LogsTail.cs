using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>logs.tail</c>: the last lines of a file or of a unit's journal, bounded, secrets taken out.</summary>
internal sealed class LogsTail(HandlerSetup setup) : CommandHandler
{
    private const int MaxBytes = 1 << 20;

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "logs.tail",
        Help = "Shows the last lines of a log file or of a systemd unit, without what looks like a secret.",
        Changes = false,
        DefaultTimeout = TimeSpan.FromSeconds(30),
        Args =
        [
            CommandArgs.Path("path", "The file; no part of its path may be a symbolic link."),
            CommandArgs.Name("unit", "The unit, instead of a file."),
            CommandArgs.Integer("lines", "How many lines; of a file at most what its last MiB holds.", 1, 10_000, "100"),
            CommandArgs.Text("contains", "Only lines with this text in them."),
        ],
        Create = static setup => new LogsTail(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string? path = context.Arg("path");
        string? unit = context.Arg("unit");
        if ((path is null) == (unit is null))
        {
            return ValueTask.FromResult(new CommandPlan { Subjects = [], Refusal = "either a path or a unit must be named" });
        }

        if (unit is not null)
        {
            string? name = UnitName.Complete(unit);
            return ValueTask.FromResult(new CommandPlan
            {
                Subjects = ["unit:" + (name ?? unit)],
                Steps = [$"show the last {context.Must("lines")} lines of {name}"],
                Refusal = name is null ? $"{unit} is no name of a unit" : null,
            });
        }

        var facts = new Facts();
        string? refusal = null;
        try
        {
            using DirectoryHandle directory = DirectoryHandle.OpenParent(setup.Roots.Tree, path!, out string name);
            FileStatus? status = directory.Status(name);
            refusal = status is null ? $"{path} does not exist" : status.Value.IsRegular ? null : $"{path} is no ordinary file";
            facts.Set("size_bytes", status?.SizeBytes ?? 0);
        }
        catch (IOException e)
        {
            refusal = e.Message;
        }

        return ValueTask.FromResult(new CommandPlan
        {
            Subjects = ["path:" + path],
            Facts = facts,
            Steps = [$"show the last {context.Must("lines")} lines of {path}"],
            Refusal = refusal,
        });
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        int lines = (int)context.Number("lines");
        string contains = context.Arg("contains") ?? "";
        string text;
        try
        {
            text = context.Arg("unit") is { } unit
                ? await UnitLog.LastLinesAsync(setup, UnitName.Complete(unit), contains.Length == 0 ? lines : 10_000, cancellation)
                : await LogFile.TailAsync(setup.Roots, context.Must("path"), MaxBytes, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CommandOutcome(false, e.Message);
        }

        string[] chosen = [.. text.Split('\n').Where(line => line.Contains(contains, StringComparison.OrdinalIgnoreCase)).TakeLast(lines)];
        if (chosen.Length > 0)
        {
            context.Output(Encoding.UTF8.GetBytes(string.Join('\n', chosen) + "\n"));
        }

        return new CommandOutcome(true, $"{chosen.Length} lines", new Facts { ["lines"] = chosen.Length.ToString(CultureInfo.InvariantCulture) });
    }
}
