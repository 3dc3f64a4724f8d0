using HostAgent.Aggregator.Auth;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>What the OpenAPI document says about who may ask what.</summary>
internal static class AccessDescription
{
    private const string Bearer = "token";
    private const string Cookie = "session";

    /// <summary>Adds the two ways of saying who one is.</summary>
    public static void Describe(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token: hat_ID_SECRET." },
            [Cookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = "hostagent-session",
                Description = "A browser's session, from POST /v1/login; over TLS the name has the prefix __Host-. Changes need an Origin of the aggregator.",
            },
        };
    }

    /// <summary>Adds which role an operation needs, and the answers to those who lack it.</summary>
    public static void Describe(OpenApiOperation operation, ApiDescription description, OpenApiDocument? document)
    {
        bool changes = !AccessContext.IsSafe(description.HttpMethod ?? "GET");
        RoleRequirement? stated = description.ActionDescriptor.EndpointMetadata.OfType<RoleRequirement>().LastOrDefault();
        Role? needed = stated is not null ? stated.Role : changes ? Role.Admin : Role.Viewer;
        string who = needed is { } role ? $"Role: {role.Word()}." : "Open to anybody.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? who : $"{operation.Description} {who}";
        if (needed is null)
        {
            return;
        }

        operation.Security = [Requirement(Bearer, document), Requirement(Cookie, document)];
        operation.Responses ??= [];
        operation.Responses["401"] = new OpenApiResponse { Description = "No token, or none that is valid (problem unauthenticated)" };
        operation.Responses["403"] = new OpenApiResponse { Description = "The role does not allow it (problem role), or the host is outside of the token's scopes (problem scope)" };
        operation.Responses["429"] = new OpenApiResponse { Description = "Too many requests (problem rate) or failed attempts (problem locked-out); see Retry-After" };
    }

    // Without its document a reference resolves to nothing and is written as an empty requirement, which reads as "open to anybody".
    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument? document)
        => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
