using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Query;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>What the OpenAPI document says beyond what the generator sees.</summary>
internal static class OpenApiDescription
{
    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["match"] = "Selector in the syntax of Prometheus, for example host_cpu_seconds_total{mode!=\"idle\",cpu=~\"0|1\"}. Required.",
        ["from"] = "Begin of the interval: RFC 3339, unix seconds, now, or a duration before now such as -1h.",
        ["to"] = "End of the interval, included; written like from. Default: now.",
        ["step"] = "Distance of points, for example 10s or 5m. Without it, samples come as they were stored.",
        ["agg"] = "How the samples of a step become one point: avg, min, max, sum, count, last or rate. Needs step.",
        ["limit"] = "Most entries to answer, 1 to 10000 (audit: 1000).",
        ["after"] = "Records after this sequence, ascending; 0 for all from the first on.",
        ["before"] = "Only what is older, the newest first: commands accepted before this time (written like from), audit records before this sequence.",
        ["maxAge"] = "Samples older than this are left out, for example 30s. Default: 5m.",
        ["name"] = "Name of the schedule, maintenance window or runbook.",
        ["runId"] = "Id of a run, 32 hex digits.",
        ["commandId"] = "Id of a command, 32 hex digits.",
        ["output"] = "false leaves out what the hosts wrote. Default: true.",
    };

    /// <summary>Registers the transformers.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "HostAgent aggregator",
                Version = "v1",
                Description = "Hosts, their series and their samples. Errors are problem documents (RFC 9457). Changes need a token of the "
                    + "role named with each (viewer, operator or admin): \"Authorization: Bearer hat_...\". Reading on loopback needs none, unless forbidden.",
            };
            document.Servers = [];
            AccessDescription.Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            AccessDescription.Describe(operation, context.Description, context.Document);
            foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                parameter.Description = parameter.Name != "id" ? Parameters[parameter.Name!]
                    : context.Description.RelativePath!.Contains("tokens/", StringComparison.Ordinal) ? "Id of a token (12 or 16 hex digits), not the token."
                    : "Id (32 hex digits) or name of a host.";
                parameter.Required |= parameter.Name == "match";
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Point))
            {
                schema.Type = JsonSchemaType.Array;
                schema.Description = "[unix seconds, value]; the value is a number, or \"NaN\", \"+Inf\" or \"-Inf\"";
                schema.Items = new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.String };
                schema.MinItems = 2;
                schema.MaxItems = 2;
            }

            if (context.JsonPropertyInfo is { DeclaringType: var owner, Name: "value" } && owner == typeof(LatestValue))
            {
                schema.Type = JsonSchemaType.Number | JsonSchemaType.String;
            }

            return Task.CompletedTask;
        });
    }
}
