using HostAgent.Protos.Audit;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>One record of the audit. Its hash can be made anew from the other fields: see FORMAT.md of the audit.</summary>
/// <param name="Sequence">1, 2, 3 ...</param>
/// <param name="Time">When, RFC 3339 with milliseconds, by the aggregator's clock.</param>
/// <param name="Actor">Who: the owner of a token, anonymous, or aggregator for what it did by itself.</param>
/// <param name="Role">In which role; empty for none.</param>
/// <param name="Origin">From which address.</param>
/// <param name="Action">What, for example token.create.</param>
/// <param name="Target">To what.</param>
/// <param name="Outcome">done, intended, refused or failed.</param>
/// <param name="Details">More about it.</param>
/// <param name="PreviousHash">Hash of the record before.</param>
/// <param name="Hash">Hash of this record.</param>
internal sealed record AuditRecordResponse(
    ulong Sequence,
    string Time,
    string Actor,
    string Role,
    string Origin,
    string Action,
    string Target,
    string Outcome,
    IReadOnlyDictionary<string, string> Details,
    string PreviousHash,
    string Hash)
{
    /// <summary>Translates.</summary>
    public static AuditRecordResponse From(AuditRecord record) => new(
        record.Sequence, ApiTime.Format(record.UnixMs), record.Actor, record.Role, record.Origin, record.Action, record.Target, record.Outcome,
        record.Details, record.PreviousHash, record.Hash);
}
