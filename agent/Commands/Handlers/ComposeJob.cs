using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Agent.Containers;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>compose.up</c> and <c>compose.down</c>: a project by its absolute directory, its services by the names that its file has. By the Compose
/// program; where none is installed, by starting and stopping the containers that are there.</summary>
internal sealed class ComposeJob(HandlerSetup setup, bool up) : CommandHandler
{
    private string Verb => up ? "up" : "down";

    [ModuleInitializer]
    internal static void Register()
    {
        Add(true, "Starts the services of a Compose project and waits until their containers are up and healthy.");
        Add(false, "Stops the services of a Compose project.");
    }

    public override async ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string directory = context.Must("directory").TrimEnd('/');
        var plan = new CommandPlan { Subjects = ["compose:" + directory] };
        try
        {
            ComposeProject project = ComposeProject.Read(setup.Roots, directory);
            string[] services = Services(context, project);
            using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
            IReadOnlyList<(string Service, ContainerState Container)> containers = await project.ContainersAsync(engine, cancellation);
            var facts = new Facts();
            facts.Set("project", project.Content.Name);
            facts.Set("services", string.Join(' ', services));
            facts.Set("running", string.Join(' ', containers.Where(static one => one.Container.IsRunning).Select(static one => one.Service).Distinct().Order(StringComparer.Ordinal)));
            facts.Set("program", ComposeProject.Program ?? "none");
            string[] unknown = [.. services.Except(project.Content.Services)];
            string[] absent = [.. services.Where(service => containers.All(one => one.Service != service))];
            return plan with
            {
                Facts = facts,
                Steps = ComposeProject.Program is { } program ? [string.Join(' ', Command(context, program, project, services))]
                    : [.. services.SelectMany(service => containers.Where(one => one.Service == service)).Select(one => $"{(up ? "start" : "stop")} {one.Container.Name}, which is {one.Container.Status}")],
                Refusal = unknown.Length > 0 ? $"{directory}/{project.File} has no service {string.Join(", ", unknown)}; it has {string.Join(", ", project.Content.Services)}"
                    : up && ComposeProject.Program is null && absent.Length > 0
                        ? $"Compose is not installed on this host, and {string.Join(", ", absent)} has no container that could be started: install docker-compose" : null,
                State = project,
            };
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return plan with { Refusal = e.Message };
        }
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        var project = (ComposeProject)plan.State!;
        string[] services = Services(context, project);
        DateTimeOffset begun = setup.Time.GetUtcNow();
        try
        {
            using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
            if (ComposeProject.Program is { } program)
            {
                ProcessResult result = await setup.Runner.RunAsync(
                    Command(context, program, project, services), new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + engine.SocketPath, ["HOME"] = "/nonexistent" },
                    project.Directory, onOutput: piece => context.Output(Encoding.UTF8.GetBytes(Redaction.Clean(Encoding.UTF8.GetString(piece.Span)))), cancellation: cancellation);
                if (result.ExitCode != 0)
                {
                    string last = Redaction.Clean(result.Error).TrimEnd().Split('\n')[^1];
                    return new CommandOutcome(false, $"compose {Verb} of {project.Directory} failed with exit code {result.ExitCode}: {last}");
                }
            }
            else
            {
                await ByEngineAsync(context, engine, project, services, cancellation);
            }

            return await JudgeAsync(context, engine, project, services, begun, cancellation);
        }
        catch (IOException e)
        {
            return new CommandOutcome(false, $"compose {Verb} of {project.Directory}: {e.Message}");
        }
    }

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        ComposeProject project = ComposeProject.Read(setup.Roots, context.Must("directory"));
        using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
        CommandOutcome now = await JudgeAsync(
            context, engine, project, Services(context, project), DateTimeOffset.FromUnixTimeMilliseconds(begunUnixMs), cancellation);
        return now.Succeeded ? now : null;
    }

    private static void Add(bool up, string help)
    {
        List<ArgDef> args =
        [
            CommandArgs.Path("directory", "The project's directory; no part of its path may be a symbolic link.", required: true),
            CommandArgs.Text("services", "Services as the Compose file names them, separated by commas; without it all.", max: 1024),
            CommandArgs.Duration("stop_timeout", "How long a container may take to end by itself before it is killed.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "10s"),
        ];
        if (up)
        {
            args.Add(CommandArgs.Duration("settle", "How long each container must stay up before this counts as done.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "2s"));
        }

        HandlerCatalog.Register(new HandlerDefinition
        {
            Kind = up ? "compose.up" : "compose.down",
            Help = help,
            Changes = true,
            DefaultTimeout = TimeSpan.FromMinutes(10),
            Args = args,
            Create = setup => new ComposeJob(setup, up),
        });
    }

    private static string[] Services(CommandContext context, ComposeProject project)
        => context.Arg("services") is { Length: > 0 } given
            ? [.. given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : [.. project.Content.Services];

    private static string Seconds(CommandContext context) => ((long)context.Time("stop_timeout").TotalSeconds).ToString(CultureInfo.InvariantCulture);

    // "stop", not "down": down removes the containers and their logs, and what is to come back must be there.
    private string[] Command(CommandContext context, string program, ComposeProject project, string[] services) =>
    [
        program, "--project-directory", project.Directory, "--file", $"{project.Directory}/{project.File}", "--project-name", project.Content.Name,
        .. up ? ["up", "--detach", "--no-color", "--timeout", Seconds(context)] : new[] { "stop", "--timeout", Seconds(context) }, "--", .. services,
    ];

    private async Task ByEngineAsync(CommandContext context, EngineClient engine, ComposeProject project, string[] services, CancellationToken cancellation)
    {
        IReadOnlyList<(string Service, ContainerState Container)> containers = await project.ContainersAsync(engine, cancellation);
        IEnumerable<string> order = project.Content.Services.Where(services.Contains);
        foreach (string service in up ? order : order.Reverse())
        {
            foreach ((_, ContainerState container) in containers.Where(one => one.Service == service))
            {
                context.Progress(50, $"{(up ? "start" : "stop")} {container.Name}");
                await engine.ActAsync(container.Id, up ? "start" : "stop?t=" + Seconds(context), cancellation);
                if (up)
                {
                    // Those that depend on it come after it is ready.
                    await ContainerReadiness.WaitAsync(engine, container.Id, TimeSpan.Zero, setup.Time, cancellation);
                }
            }
        }
    }

    private async Task<CommandOutcome> JudgeAsync(
        CommandContext context, EngineClient engine, ComposeProject project, string[] services, DateTimeOffset begun, CancellationToken cancellation)
    {
        List<string> faults = [];
        int count = 0;
        IReadOnlyList<(string Service, ContainerState Container)> containers = await project.ContainersAsync(engine, cancellation);
        foreach ((string service, ContainerState container) in containers.Where(one => services.Contains(one.Service)))
        {
            count++;
            if (!up)
            {
                faults.AddRange(container.IsRunning ? [$"{container.Name} still runs"] : []);
                continue;
            }

            (ContainerState now, string? fault) = await ContainerReadiness.WaitAsync(engine, container.Id, context.Time("settle"), setup.Time, cancellation);
            bool hasDoneItsTask = now.Status == "exited" && now.ExitCode == 0
                && DateTimeOffset.TryParse(now.StartedAt, CultureInfo.InvariantCulture, out DateTimeOffset started) && started >= begun;
            if (fault is not null && !hasDoneItsTask)
            {
                faults.Add($"{container.Name}: {fault}");
            }
        }

        faults.AddRange(up ? services.Where(service => containers.All(one => one.Service != service)).Select(static service => $"{service} has no container") : []);
        var results = new Facts();
        results.Set("containers", count);
        return faults.Count == 0
            ? new CommandOutcome(true, $"{count} containers of {project.Directory} are {(up ? "up" : "stopped")}", results)
            : new CommandOutcome(false, $"compose {Verb} of {project.Directory} failed: {string.Join("; ", faults)}", results);
    }
}
