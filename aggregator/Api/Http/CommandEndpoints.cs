using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Hosts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/commands and /v1/kinds: what hosts are asked to do.</summary>
internal static class CommandEndpoints
{
    private const string Tag = "commands";

    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapCommandEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/kinds", (AgentCatalog catalog) => TypedResults.Ok(new KindsResponse([.. catalog.Kinds().Select(k => KindsResponse.From(k.Kind, k.HostIds.Count))])))
            .WithName("listKinds").WithSummary("Every kind of command that an agent offers").WithTags(Tag);

        v1.MapPost("/commands", CreateAsync)
            .WithName("createCommand").WithSummary("Ask hosts to do something; 201 with the command, or 200 when the same was asked before under this id")
            .WithTags(Tag).RequireRole(Role.Operator).Audited("command.create").Produces<CommandResponse>().Produces<CommandResponse>(StatusCodes.Status201Created).WithCommandProblems();

        v1.MapPost("/commands/preview", (CommandBody body, CommandIntake intake, HttpContext http)
                => TypedResults.Ok(CommandPreviewResponse.From(intake.Preview(body.ToRequest(Caller.Of(http), Caller.Scope(http))))))
            .WithName("previewCommand").WithSummary("What a command would be and which hosts can do it; changes nothing").WithTags(Tag).RequireRole(Role.Operator).Audited("command.preview").WithCommandProblems();

        v1.MapGet("/commands", List)
            .WithName("listCommands").WithSummary("Commands, the newest first").WithTags(Tag).ProducesProblem(StatusCodes.Status400BadRequest);

        v1.MapGet("/commands/{commandId}", (string commandId, bool? output, CommandDesk desk)
                => TypedResults.Ok(desk.Read(commandId, c => CommandResponse.From(c, hosts: true, output ?? true))))
            .WithName("getCommand").WithSummary("One command with the state and output of each host").WithTags(Tag).ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapGet("/commands/{commandId}/order", (string commandId, CommandDesk desk)
                => TypedResults.Ok(desk.Read(commandId, static c => OrderResponse.From(c.Record))))
            .WithName("getCommandOrder").WithSummary("Exactly what operators sign").WithTags(Tag).RequireRole(Role.Operator).ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapGet("/commands/{commandId}/events", CommandEvents.StreamAsync)
            .WithName("streamCommandEvents").WithSummary("Progress as server-sent events: host (state), output (text), command (at the end)")
            .WithTags(Tag).Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblem(StatusCodes.Status404NotFound)
            .DisableRequestTimeout().DisableRateLimiting();

        v1.MapPost("/commands/{commandId}/cancel", async (string commandId, CancelBody body, CommandDesk desk, IHostDirectory hosts, HttpContext http) =>
            {
                Guard(http, hosts, desk.Get(commandId));
                return Shown(desk, await desk.CancelAsync(commandId, Caller.Of(http), body.Reason ?? ""));
            })
            .WithName("cancelCommand").WithSummary("End a command: what was not sent is not sent, agents that have it are asked to give it up")
            .WithTags(Tag).RequireRole(Role.Operator).Audited("command.cancel").WithCommandProblems();

        v1.MapPost("/commands/{commandId}/approve", async (string commandId, SignatureBody body, CommandDesk desk, IHostDirectory hosts, HttpContext http) =>
            {
                Guard(http, hosts, desk.Get(commandId));
                http.Audit().Details["operator"] = body.Operator ?? "";
                return Shown(desk, await desk.ApproveAsync(commandId, body.ToRecord()));
            })
            .WithName("approveCommand").WithSummary("Add an operator's signature to a command that waits for approval").WithTags(Tag)
            .RequireRole(Role.Operator).Audited("command.approve").WithCommandProblems();
    }

    private static Ok<CommandResponse> Shown(CommandDesk desk, Command command)
        => TypedResults.Ok(desk.Read(command, static c => CommandResponse.From(c, hosts: true, output: false)));

    private static void Guard(HttpContext http, IHostDirectory hosts, Command command)
    {
        Caller.Audited(http, command);
        Caller.RequireHostsOf(http, hosts, command);
    }

    private static async Task<IResult> CreateAsync(CommandBody body, CommandIntake intake, CommandDesk desk, HttpContext http)
    {
        (Command command, bool isNew) = await intake.AcceptAsync(body.ToRequest(Caller.Of(http), Caller.Scope(http)));
        Caller.Audited(http, command);
        CommandResponse answer = desk.Read(command, static c => CommandResponse.From(c, hosts: true, output: false));
        return isNew ? TypedResults.Created($"/v1/commands/{answer.Id}", answer) : TypedResults.Ok(answer);
    }

    private static Ok<CommandsResponse> List(string? before, string? limit, CommandDesk desk, TimeProvider time)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        int atMost = RequestParameters.Limit("limit", limit ?? "50", 1000);
        IReadOnlyList<CommandResponse> commands = desk.Newest(
            before is null ? long.MaxValue >> 16 : RequestParameters.Time("before", before, "now", now), atMost, static c => CommandResponse.From(c, hosts: false, output: false));
        return TypedResults.Ok(new CommandsResponse(commands, commands.Count == atMost ? commands[^1].Created : null));
    }

    private static RouteHandlerBuilder WithCommandProblems(this RouteHandlerBuilder route)
        => route.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests);
}
