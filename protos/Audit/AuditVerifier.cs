namespace HostAgent.Protos.Audit;

/// <summary>Walks the chain from its first record to its last and finds every edit, deletion, insertion and re-ordering; with anchors that
/// somebody kept elsewhere also a cut end and a chain that was computed anew as a whole.</summary>
public sealed class AuditVerifier(params IReadOnlyList<AuditAnchor> anchors)
{
    /// <summary>Findings beyond this many are counted, not kept.</summary>
    public const int MaxFindings = 100;

    private readonly List<AuditFinding> _findings = [];
    private AuditAnchor _last = AuditAnchor.Empty;

    /// <summary>Records seen.</summary>
    public ulong Records { get; private set; }

    /// <summary>How many findings there are, also those that were not kept.</summary>
    public long FindingCount { get; private set; }

    /// <summary>What was found, in order of the walk.</summary>
    public IReadOnlyList<AuditFinding> Findings => _findings;

    /// <summary>The last record seen.</summary>
    public AuditAnchor Head => _last;

    /// <summary>Checks the next record. <paramref name="key"/> is the sequence under which the store has it.</summary>
    public void Add(AuditRecord record, ulong? key = null)
    {
        Records++;
        if (key is { } under && under != record.Sequence)
        {
            Find(under, $"the record here says that it is {record.Sequence}: moved, or edited");
        }

        if (record.Sequence != _last.Sequence + 1)
        {
            Find(record.Sequence, record.Sequence > _last.Sequence + 1
                ? $"records {_last.Sequence + 1} to {record.Sequence - 1} are missing"
                : $"it comes after record {_last.Sequence}: inserted, or out of order");
        }

        if (AuditChain.HashOf(record) != record.Hash)
        {
            Find(record.Sequence, "its content is not what its hash was made of: edited");
        }

        if (record.PreviousHash != _last.Hash)
        {
            Find(record.Sequence, $"it does not follow on record {_last.Sequence}: one of the two was edited, or what stood between them is gone");
        }

        foreach (AuditAnchor anchor in anchors)
        {
            if (anchor.Sequence == record.Sequence && anchor.Hash != record.Hash)
            {
                Find(record.Sequence, $"the anchor {anchor} has another hash: the record, or one before it, was replaced");
            }
        }

        _last = new AuditAnchor(record.Sequence, record.Hash);
    }

    /// <summary>Notes a stored thing that is no record at all.</summary>
    public void AddUnreadable(ulong key, string why)
    {
        Records++;
        Find(key, $"what is stored here is no record: {why}");
    }

    /// <summary>Call after the last record: are the anchors' records there?</summary>
    /// <returns>True when nothing was found.</returns>
    public bool Finish()
    {
        foreach (AuditAnchor anchor in anchors.Where(anchor => anchor.Sequence > _last.Sequence))
        {
            Find(anchor.Sequence, $"the audit ends at record {_last.Sequence}, but the anchor {anchor} says that there were more: its end was cut off");
        }

        return FindingCount == 0;
    }

    private void Find(ulong sequence, string what)
    {
        FindingCount++;
        if (_findings.Count < MaxFindings)
        {
            _findings.Add(new AuditFinding(sequence, what));
        }
    }
}
