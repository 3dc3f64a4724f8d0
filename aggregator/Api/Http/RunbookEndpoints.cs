using System.Security.Cryptography;
using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Runbooks;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/runbooks and /v1/runbook-runs: ordered steps that bring something back to life.</summary>
internal static class RunbookEndpoints
{
    private const string Tag = "runbooks";

    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapRunbookEndpoints(this RouteGroupBuilder v1)
    {
        MapShelf(v1);
        v1.MapPost("/runbooks/{name}/plan", async (string name, RunbookStartBody body, RunbookPlanner planner, HttpContext http) =>
            {
                About(http, name);
                return TypedResults.Ok(new RunbookPlanResponse(await planner.PlanAsync(name, body.Args ?? [], Caller.Of(http), http.RequestAborted)));
            })
            .WithName("planRunbook").WithSummary("What each step would do now: agents are asked as a dry run; nothing is done").WithTags(Tag)
            .RequireRole(Role.Operator).Audited("runbook.plan").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPost("/runbooks/{name}/run", async (string name, RunbookStartBody body, RunbookRunner runner, HttpContext http) =>
            {
                About(http, name);
                string id = body.Id ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                if (id.Length != 32 || id.Any(static c => !char.IsAsciiHexDigitLower(c)))
                {
                    throw ApiException.BadParameter("id", $"\"{id}\" is no id; write 32 lower-case hex digits, chosen at random.");
                }

                RunbookRunResponse run = RunbookRunResponse.From(await runner.StartRunAsync(id, name, body.Args ?? [], Caller.Of(http)));
                http.Audit().Details["run"] = run.Id;
                return TypedResults.Created($"/v1/runbook-runs/{run.Id}", run);
            })
            .WithName("runRunbook").WithSummary("Start a runbook").WithTags(Tag).RequireRole(Role.Operator).Audited("runbook.run")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        v1.MapGet("/runbook-runs", (string? limit, RunbookRunner runner)
                => TypedResults.Ok(new RunbookRunsResponse([.. runner.Newest(RequestParameters.Limit("limit", limit ?? "50", 1000)).Select(RunbookRunResponse.From)])))
            .WithName("listRunbookRuns").WithSummary("Runs of runbooks, the newest first").WithTags(Tag);

        v1.MapGet("/runbook-runs/{runId}", (string runId, RunbookRunner runner) => TypedResults.Ok(RunbookRunResponse.From(runner.Get(runId))))
            .WithName("getRunbookRun").WithSummary("One run and its steps").WithTags(Tag).ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPost("/runbook-runs/{runId}/approve", async (string runId, CancelBody body, RunbookRunner runner, HttpContext http) =>
            {
                About(http, runId);
                http.Audit().Details["reason"] = body.Reason ?? "";
                return TypedResults.Ok(RunbookRunResponse.From(await runner.ApproveAsync(runId, Caller.Of(http))));
            })
            .WithName("approveRunbookRun").WithSummary("Agree to what a run waits for").WithTags(Tag).RequireRole(Role.Operator).Audited("runbook.approve")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        v1.MapPost("/runbook-runs/{runId}/cancel", async (string runId, CancelBody body, RunbookRunner runner, HttpContext http) =>
            {
                About(http, runId);
                return TypedResults.Ok(RunbookRunResponse.From(await runner.CancelAsync(runId, Caller.Of(http), body.Reason ?? "")));
            })
            .WithName("cancelRunbookRun").WithSummary("End a run: its command is cancelled, nothing more begins").WithTags(Tag)
            .RequireRole(Role.Operator).Audited("runbook.cancel").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static void MapShelf(RouteGroupBuilder v1)
    {
        v1.MapGet("/runbooks", (RunbookShelf shelf)
                => TypedResults.Ok(new RunbooksResponse([.. shelf.All().Select(static r => RunbookResponse.From(RunbookParser.Parse(r.Yaml), r.IsStock, null))])))
            .WithName("listRunbooks").WithSummary("All runbooks, by name").WithTags(Tag);

        v1.MapGet("/runbooks/{name}", (string name, RunbookShelf shelf) =>
            {
                (Runbook runbook, string yaml, bool isStock) = shelf.Get(name);
                return TypedResults.Ok(RunbookResponse.From(runbook, isStock, yaml));
            })
            .WithName("getRunbook").WithSummary("One runbook and its text").WithTags(Tag).ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPut("/runbooks/{name}", (string name, RunbookBody body, RunbookShelf shelf, HttpContext http) =>
            {
                About(http, name);
                string yaml = body.Yaml ?? throw ApiException.BadParameter("yaml", "The text of the runbook is missing.");
                return TypedResults.Ok(RunbookResponse.From(shelf.Put(name, yaml), false, yaml));
            })
            .WithName("putRunbook").WithSummary("Put a runbook on the shelf, in place of one of the same name").WithTags(Tag)
            .RequireRole(Role.Admin).Audited("runbook.put").ProducesProblem(StatusCodes.Status400BadRequest);

        v1.MapDelete("/runbooks/{name}", (string name, RunbookShelf shelf, HttpContext http) =>
            {
                About(http, name);
                shelf.Remove(name);
                return TypedResults.NoContent();
            })
            .WithName("removeRunbook").WithSummary("Take a runbook off the shelf; a stock one of the same name appears again").WithTags(Tag)
            .RequireRole(Role.Admin).Audited("runbook.remove").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static void About(HttpContext http, string target)
    {
        http.Audit().Target = target;
        Caller.RequireAllHosts(http);
    }
}
