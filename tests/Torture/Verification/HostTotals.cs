namespace HostAgent.Torture.Verification;

/// <summary>The balance of one host, in frames.</summary>
internal sealed record HostTotals(string Host, int Produced, int Present, int Late, int Dropped, int LostAtCrash, int Open, int Acknowledged, long Samples)
{
    /// <summary>Whether every produced frame is in exactly one column.</summary>
    public bool Balances => Produced == Present + Late + Dropped + LostAtCrash + Open;
}
