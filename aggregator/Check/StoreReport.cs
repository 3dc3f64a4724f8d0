namespace HostAgent.Aggregator.Check;

/// <summary>What a check of a store read, and what it found wrong.</summary>
internal sealed class StoreReport
{
    /// <summary>Findings that are kept word for word; a store that is broken throughout would say the same a million times.</summary>
    public const int MaxFindings = 200;

    private readonly List<string> _findings = [];

    /// <summary>Which store, and where.</summary>
    public required string Store { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long Bytes { get; set; }

    /// <summary>Hosts known.</summary>
    public int Hosts { get; set; }

    /// <summary>Series known.</summary>
    public int Series { get; set; }

    /// <summary>Chunks read.</summary>
    public long Chunks { get; set; }

    /// <summary>Samples in the chunks that could be read.</summary>
    public long Samples { get; set; }

    /// <summary>Journal rows read.</summary>
    public int JournalRows { get; set; }

    /// <summary>How much is wrong; more than <see cref="Findings"/> has when that is full.</summary>
    public int FindingCount { get; private set; }

    /// <summary>What is wrong, one sentence each: the first <see cref="MaxFindings"/>.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Nothing is wrong.</summary>
    public bool IsSound => FindingCount == 0;

    /// <summary>Adds a finding.</summary>
    public void Found(string finding)
    {
        FindingCount++;
        if (_findings.Count < MaxFindings)
        {
            _findings.Add(finding);
        }
    }
}
