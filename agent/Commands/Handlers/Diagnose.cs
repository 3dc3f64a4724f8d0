using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>diagnose</c>: everything that somebody would look at first, in one text, bounded, secrets taken out. Each section fails by itself.</summary>
internal sealed class Diagnose(HandlerSetup setup) : CommandHandler
{
    private const int MaxSectionBytes = 48 * 1024;

    private static readonly TimeSpan SectionTimeout = TimeSpan.FromSeconds(15);

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "diagnose",
        Help = "Collects versions, load, memory, disks, ports, processes, failed units, containers and last log lines in one text, without secrets.",
        Changes = false,
        DefaultTimeout = TimeSpan.FromMinutes(2),
        Args =
        [
            CommandArgs.Text("units", "Units to show with their last lines, separated by commas."),
            CommandArgs.Text("paths", "Log files to show the end of, separated by commas.", max: 2048),
            CommandArgs.Integer("lines", "How many last lines of each unit, container and file.", 1, 500, "30"),
        ],
        Create = static setup => new Diagnose(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string[] units = List(context.Arg("units"));
        string[] paths = List(context.Arg("paths"));
        string? bad = units.FirstOrDefault(static unit => UnitName.Complete(unit) is null) ?? paths.FirstOrDefault(static path => path[0] != '/' || path.Split('/').Any(static part => part is "." or ".."));
        return ValueTask.FromResult(new CommandPlan
        {
            Subjects = ["host", .. units.Select(static unit => "unit:" + (UnitName.Complete(unit) ?? unit)), .. paths.Select(static path => "path:" + path)],
            Steps = ["read the state of the host; change nothing"],
            Refusal = bad is null ? null : $"{bad} is neither a unit nor an absolute path",
        });
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        int lines = (int)context.Number("lines");
        var host = new HostSections(setup);
        List<(string Title, Func<CancellationToken, Task<string>> Read)> sections =
        [
            ("versions", host.VersionsAsync),
            ("load and pressure", host.LoadAsync),
            ("memory", host.MemoryAsync),
            ("disks", host.DisksAsync),
            ("listening ports", host.PortsAsync),
            ("largest processes", host.ProcessesAsync),
            ("failed units", token => ServiceSections.FailedAsync(setup, token)),
            ("errors in the journal", token => UnitLog.LastLinesAsync(setup, null, lines, token, "--priority=err")),
            ("containers", token => ContainerSection.ReadAsync(setup, lines, token)),
            .. List(context.Arg("units")).Select(unit => ("unit " + unit, (Func<CancellationToken, Task<string>>)(token => ServiceSections.UnitAsync(setup, UnitName.Complete(unit)!, lines, token)))),
            .. List(context.Arg("paths")).Select(path => ("file " + path, (Func<CancellationToken, Task<string>>)(token => FileAsync(path, lines, token)))),
        ];

        int failed = 0;
        for (int i = 0; i < sections.Count; i++)
        {
            context.Progress(100 * i / sections.Count, sections[i].Title);
            (string text, bool isWell) = await ReadAsync(sections[i].Read, cancellation);
            failed += isWell ? 0 : 1;
            context.Output(Encoding.UTF8.GetBytes($"== {sections[i].Title}\n{Cut(Redaction.Clean(text).TrimEnd())}\n\n"));
        }

        var results = new Facts();
        results.Set("sections", sections.Count);
        results.Set("sections_failed", failed);
        return new CommandOutcome(true, failed == 0 ? $"{sections.Count} sections" : $"{sections.Count} sections, {failed} of them could not be read", results);
    }

    private static string[] List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string Cut(string text) => text.Length <= MaxSectionBytes
        ? text : string.Create(CultureInfo.InvariantCulture, $"(the first {text.Length - MaxSectionBytes} characters are left out)\n{text[^MaxSectionBytes..]}");

    private async Task<(string Text, bool IsWell)> ReadAsync(Func<CancellationToken, Task<string>> read, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(SectionTimeout, setup.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await Task.Run(() => read(both.Token), both.Token).WaitAsync(both.Token), true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ($"(not read within {SectionTimeout.TotalSeconds:0} s)", false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DBusException)
        {
            return ($"({e.Message})", false);
        }
    }

    private async Task<string> FileAsync(string path, int lines, CancellationToken cancellation)
    {
        string text = await LogFile.TailAsync(setup.Roots, path, 256 * 1024, cancellation);
        return string.Join('\n', text.Split('\n').TakeLast(lines));
    }
}
