namespace HostAgent.Aggregator.Auth;

/// <summary>Roles as people and programs write them.</summary>
internal static class Roles
{
    /// <summary>For error messages.</summary>
    public const string Allowed = "viewer, operator or admin";

    /// <summary>viewer, operator or admin.</summary>
    public static string Word(this Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Null when the word is none of them.</summary>
    public static Role? TryParse(string? word) => word switch
    {
        "viewer" => Role.Viewer,
        "operator" => Role.Operator,
        "admin" => Role.Admin,
        _ => null,
    };
}
