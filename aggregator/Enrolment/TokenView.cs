namespace HostAgent.Aggregator.Enrolment;

/// <summary>A token as operators see it. It cannot show the secret: nobody has it any more.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">active, used, expired or revoked.</param>
/// <param name="Labels">Given to the host that uses it.</param>
/// <param name="MayReplace">Whether it may enrol a host anew that is enrolled already.</param>
/// <param name="CreatedBy">Who asked for it.</param>
/// <param name="CreatedUnixMs">When.</param>
/// <param name="ExpiresUnixMs">Its end.</param>
/// <param name="UsedUnixMs">When it was used; null: it was not.</param>
/// <param name="UsedByHostId">By which host; null: by none.</param>
public sealed record TokenView(
    string Id, string State, IReadOnlyDictionary<string, string> Labels, bool MayReplace, string CreatedBy, long CreatedUnixMs, long ExpiresUnixMs,
    long? UsedUnixMs, string? UsedByHostId);
