using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Systemd;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>logs.rotate</c>: puts a log file aside, lets its writer open a new one, compresses what is put aside and keeps so many.</summary>
internal sealed class LogsRotate(HandlerSetup setup) : CommandHandler
{
    private static readonly TimeSpan WriterPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private static readonly Dictionary<string, int> Signals = new(StringComparer.Ordinal) { ["HUP"] = 1, ["USR1"] = 10, ["USR2"] = 12 };

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "logs.rotate",
        Help = "Puts a log file aside under the time's name, compresses it and removes the oldest.",
        Changes = true,
        DefaultTimeout = TimeSpan.FromMinutes(10),
        Args =
        [
            CommandArgs.Path("path", "The log file; no part of its path may be a symbolic link.", required: true),
            CommandArgs.Choice("method", "rename: aside, and a new file made; copytruncate: copied and emptied, for a writer that cannot open anew "
                + "(lines written in between are lost).", "rename", "rename", "copytruncate"),
            CommandArgs.Name("unit", "The systemd unit that writes it and must open the new file."),
            CommandArgs.Choice("notify", "How the unit is told: by its own reload, or by a signal to its main process.", "reload", ["reload", .. Signals.Keys]),
            CommandArgs.Integer("keep", "How many files put aside are kept.", 1, 10_000, "30"),
            CommandArgs.Flag("compress", "Compress with gzip what is put aside, once nobody has it open.", standard: true),
            CommandArgs.Integer("min_bytes", "Do nothing while the file is smaller.", 0, long.MaxValue, "1"),
        ],
        Create = static setup => new LogsRotate(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string path = context.Must("path");
        List<string> subjects = ["path:" + path];
        var facts = new Facts();
        List<string> steps = [];
        string? refusal = null;
        string? unit = context.Arg("unit");
        if (unit is not null)
        {
            subjects.Add("unit:" + (UnitName.Complete(unit) ?? unit));
            refusal = UnitName.Complete(unit) is null ? $"{unit} is no name of a unit" : null;
        }

        try
        {
            using DirectoryHandle directory = DirectoryHandle.OpenParent(setup.Roots.Tree, path, out string name);
            var rotated = new RotatedFiles(directory, name);
            FileStatus? status = directory.Status(name);
            refusal ??= Fault(status, path);
            if (status is { } file)
            {
                facts.Set("size_bytes", file.SizeBytes);
                facts.Set("inode", file.Inode.ToString(System.Globalization.CultureInfo.InvariantCulture));
                facts.Set("kept", rotated.All.Count);
                steps.AddRange(file.SizeBytes < context.Number("min_bytes") ? [$"nothing: {path} has {file.SizeBytes} bytes"] : Steps(context, path, rotated));
            }
        }
        catch (IOException e)
        {
            refusal ??= e.Message;
        }

        return ValueTask.FromResult(new CommandPlan { Subjects = subjects, Facts = facts, Steps = steps, Refusal = refusal });
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        string path = context.Must("path");
        var results = new Facts();
        try
        {
            using DirectoryHandle directory = DirectoryHandle.OpenParent(setup.Roots.Tree, path, out string name);
            FileStatus? status = directory.Status(name);
            if (Fault(status, path) is { } fault)
            {
                return new CommandOutcome(false, fault + "; nothing was done");
            }

            results.Set("size_bytes", status!.Value.SizeBytes);
            if (status.Value.SizeBytes < context.Number("min_bytes"))
            {
                return new CommandOutcome(true, $"{path} has {status.Value.SizeBytes} bytes: nothing to do", results);
            }

            var rotated = new RotatedFiles(directory, name);
            string aside = rotated.NextName(setup.Time.GetUtcNow());
            results.Set("rotated_to", $"{directory.Path}/{aside}");
            await PutAsideAsync(context, directory, rotated, name, status.Value, aside, cancellation);
            context.Progress(40, $"{path} put aside as {aside}");
            string note = await NotifyAsync(context, status.Value, cancellation);
            if (context.IsSet("compress"))
            {
                results.Set("compressed", await rotated.CompressAsync(file => OpenFileSearch.FirstHolder(setup.Roots, file) != 0, cancellation));
            }

            results.Set("removed", rotated.Prune((int)context.Number("keep")));
            results.Set("kept", rotated.All.Count);
            directory.Sync();
            return new CommandOutcome(note.Length == 0, $"{path} ({status.Value.SizeBytes} bytes) was put aside as {aside}{note}", results);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DBusException)
        {
            string done = results.TryGetValue("rotated_to", out string? aside) ? $"; look whether {aside} is there" : "; nothing was done";
            return new CommandOutcome(false, e.Message + done, results);
        }
    }

    public override ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        string path = context.Must("path");
        using DirectoryHandle directory = DirectoryHandle.OpenParent(setup.Roots.Tree, path, out string name);
        string inode = before.GetValueOrDefault("inode") ?? "";
        string? aside = new RotatedFiles(directory, name).All.FirstOrDefault(one => Inode(directory.Status(one)) == inode);
        FileStatus? now = directory.Status(name);
        if (context.Must("method") != "rename" || inode.Length == 0)
        {
            return ValueTask.FromResult<CommandOutcome?>(null);
        }

        return ValueTask.FromResult<CommandOutcome?>(Inode(now) == inode ? new CommandOutcome(false, $"{path} was not put aside")
            : aside is null ? null
            : now is null ? new CommandOutcome(false, $"{path} was put aside as {aside}, but no new file was made: let its writer open it anew")
            : OpenFileSearch.FirstHolder(setup.Roots, directory.Status(aside)!.Value) is > 0 and var pid
                ? new CommandOutcome(false, $"{path} was put aside as {aside}, but process {pid} still writes there: let it open its log anew")
            : new CommandOutcome(true, $"{path} was put aside as {aside}; the next rotation compresses it"));
    }

    private static string Inode(FileStatus? status) => status?.Inode.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-";

    private static string? Fault(FileStatus? status, string path) => status switch
    {
        null => $"{path} does not exist",
        { IsSymbolicLink: true } => $"{path} is a symbolic link: name the file it leads to",
        { IsRegular: false } => $"{path} is no ordinary file",
        { Links: > 1 } => $"{path} has {status.Value.Links} names (hard links): what else it is called cannot be told",
        _ => null,
    };

    private List<string> Steps(CommandContext context, string path, RotatedFiles rotated)
    {
        string aside = rotated.NextName(setup.Time.GetUtcNow());
        List<string> steps = [context.Must("method") == "rename" ? $"rename {path} to {aside} and make it anew" : $"copy {path} to {aside} and empty it"];
        if (context.Arg("unit") is { } unit)
        {
            steps.Add(context.Must("notify") == "reload" ? $"reload {unit}" : $"send SIG{context.Must("notify")} to the main process of {unit}");
        }

        if (context.IsSet("compress"))
        {
            steps.Add("compress what is put aside and not open any more");
        }

        int surplus = rotated.All.Count + 1 - (int)context.Number("keep");
        return surplus <= 0 ? steps : [.. steps, $"remove the oldest: {string.Join(", ", rotated.All.Take(surplus))}"];
    }

    private static async Task PutAsideAsync(
        CommandContext context, DirectoryHandle directory, RotatedFiles rotated, string name, FileStatus status, string aside, CancellationToken cancellation)
    {
        if (context.Must("method") == "rename")
        {
            directory.Rename(name, aside);
            await using FileStream made = rotated.New(name, status);
            directory.Sync();
            return;
        }

        using SafeFileHandle source = directory.Open(name, OpenFlags.ReadWrite);
        if (StatxCall.Descriptor((int)source.DangerousGetHandle(), out FileStatus opened) < 0 || opened.Inode != status.Inode || opened.Links != 1)
        {
            throw new IOException($"{name} was replaced meanwhile");
        }

        await rotated.CopyAndTruncateAsync(source, opened, aside, cancellation);
    }

    /// <summary>Tells the writer and waits until it has let go of the old file. Returns what is wrong, to follow a sentence; empty when all is well.</summary>
    private async Task<string> NotifyAsync(CommandContext context, FileStatus old, CancellationToken cancellation)
    {
        if (context.Arg("unit") is not { } given || context.Must("method") != "rename")
        {
            return "";
        }

        string unit = UnitName.Complete(given)!;
        await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
        if (context.Must("notify") != "reload")
        {
            await systemd.SignalMainAsync(unit, Signals[context.Must("notify")], cancellation);
        }
        else if (await systemd.RunJobAsync("ReloadUnit", unit, cancellation) is not ("done" or "gone"))
        {
            return $", but {unit} did not reload: it still writes to the old file";
        }

        long since = setup.Time.GetTimestamp();
        int holder;
        while ((holder = OpenFileSearch.FirstHolder(setup.Roots, old)) != 0)
        {
            if (setup.Time.GetElapsedTime(since) >= WriterPatience)
            {
                return $", but process {holder} still has the old file open {WriterPatience.TotalSeconds:0} s later: it does not open its log anew";
            }

            await Task.Delay(LookInterval, setup.Time, cancellation);
        }

        return "";
    }
}
