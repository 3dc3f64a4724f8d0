namespace HostAgent.Agent.Commands.Journal;

/// <summary>Finds the sound records in the bytes of a journal, whatever happened to them. Never throws for bad input.</summary>
internal sealed class JournalReader
{
    private JournalReader(List<JournalRecord> records, int goodBytes, bool isDamaged, bool isTorn)
    {
        IsTorn = isTorn;
        Records = records;
        GoodBytes = goodBytes;
        IsDamaged = isDamaged;
    }

    /// <summary>The sound records in the order of the file.</summary>
    public IReadOnlyList<JournalRecord> Records { get; }

    /// <summary>Where the next record goes when <see cref="IsDamaged"/> is false: what follows is empty or a torn tail. 0: not even the header is there.</summary>
    public int GoodBytes { get; }

    /// <summary>True when something else than empty room follows <see cref="GoodBytes"/>.</summary>
    public bool IsTorn { get; }

    /// <summary>True when bytes before a sound record did not read: something else than a write that did not finish.</summary>
    public bool IsDamaged { get; }

    /// <summary>Reads a journal.</summary>
    public static JournalReader Read(ReadOnlyMemory<byte> bytes)
    {
        var records = new List<JournalRecord>();
        bool hasHeader = JournalHeader.IsSound(bytes.Span);
        bool isDamaged = false;
        int at = hasHeader ? JournalHeader.Bytes : 0;
        int good = at;
        while (at < bytes.Length)
        {
            if (JournalRecord.TryRead(bytes[at..], out JournalRecord record))
            {
                isDamaged |= at != good || !hasHeader;
                records.Add(record);
                at += record.Bytes;
                good = at;
                continue;
            }

            int next = bytes.Span[(at + 1)..].IndexOf(JournalRecord.Mark);
            if (next < 0)
            {
                break;
            }

            at += 1 + next;
        }

        return new JournalReader(records, good, isDamaged, bytes.Span[good..].ContainsAnyExcept((byte)0));
    }
}
