using System.Globalization;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Audit;

namespace HostAgent.Aggregator.Audit;

/// <summary>How the audit lies in the document store; see FORMAT.md in protos/Audit.</summary>
internal static class AuditDocuments
{
    /// <summary>The records, by sequence.</summary>
    public const string Records = "audit";

    /// <summary>The head, in one document.</summary>
    public const string Heads = "audit-head";

    private const string HeadKey = "head";

    /// <summary>Under which key a record is stored: its sequence, so wide that the order of keys is that of numbers.</summary>
    public static string Key(ulong sequence) => sequence.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>What to commit for one more record.</summary>
    public static DocumentChange[] Changes(AuditRecord record) =>
    [
        new(Records, Key(record.Sequence), AuditChain.Encode(record)),
        new(Heads, HeadKey, System.Text.Encoding.ASCII.GetBytes(new AuditAnchor(record.Sequence, record.Hash).ToString())),
    ];

    /// <summary>The head that was committed with the last record; null when there is none, or it is no head.</summary>
    public static AuditAnchor? Head(IDocumentStore store)
        => store.Read(Heads, HeadKey) is { } body ? AuditAnchor.TryParse(System.Text.Encoding.ASCII.GetString(body.Span)) : null;

    /// <summary>The last record, as its key and its stored hash say; a damaged one counts, so that the next is written behind it and nothing is
    /// written over it. Empty when there is none.</summary>
    public static AuditAnchor Last(IDocumentStore store)
    {
        string? below = null;
        while (store.Scan(Records, toKey: below, limit: 1, descending: true) is [var last])
        {
            if (Sequence(last.Key) is > 0 and var sequence)
            {
                return new AuditAnchor(sequence, Hash(last) ?? AuditChain.NoHash);
            }

            below = last.Key; // not a key of ours: somebody put it there; verify names it
        }

        return AuditAnchor.Empty;
    }

    /// <summary>The stored hash of a record; null when it is not there, or damaged.</summary>
    public static string? HashAt(IDocumentStore store, ulong sequence)
        => store.Read(Records, Key(sequence)) is { } body ? Hash(new Document(Records, Key(sequence), body)) : null;

    /// <summary>Walks all records of the store in order of their keys.</summary>
    /// <param name="store">The store.</param>
    /// <param name="anchors">Heads that were kept elsewhere; the store's own head is added.</param>
    public static AuditVerifier Verify(IDocumentStore store, IEnumerable<AuditAnchor> anchors)
    {
        var verifier = new AuditVerifier([.. anchors, .. Head(store) is { } head ? [head] : Array.Empty<AuditAnchor>()]);
        string from = "";
        while (store.Scan(Records, from, limit: 1000) is { Count: > 0 } page)
        {
            foreach (Document document in page)
            {
                Check(verifier, document);
            }

            from = page[^1].Key + "\0"; // the next key after it
        }

        verifier.Finish();
        return verifier;
    }

    private static void Check(AuditVerifier verifier, Document document)
    {
        ulong key = Sequence(document.Key);
        try
        {
            verifier.Add(AuditChain.Decode(document.Body.Span), key);
        }
        catch (FormatException e)
        {
            verifier.AddUnreadable(key, e.Message);
        }
    }

    // 0 when it is no key of ours.
    private static ulong Sequence(string key)
        => ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && Key(number) == key ? number : 0;

    private static string? Hash(Document document)
    {
        try
        {
            return AuditChain.Decode(document.Body.Span).Hash;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
