namespace HostAgent.Aggregator.Ingest.Journal;

/// <summary>The numbers of FORMAT.md; they only grow.</summary>
internal static class JournalRecordKind
{
    public const byte Version = 1;
    public const int Open = 1;
    public const int Batch = 2;
    public const int Sealed = 3;
}
