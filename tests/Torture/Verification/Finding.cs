namespace HostAgent.Torture.Verification;

/// <summary>A broken promise, with what a person needs to look into it.</summary>
internal sealed record Finding(FindingKind Kind, string Host, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} on {Host}: {What}";
}
