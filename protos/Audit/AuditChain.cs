using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Protos.Audit;

/// <summary>The canonical bytes of a record and the hash over them. Both ends compute it: the aggregator when it appends, hostctl when it
/// verifies. See FORMAT.md.</summary>
public static class AuditChain
{
    /// <summary>Stands where there is no record before: 64 zeros.</summary>
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly byte[] Form = "hostagent-audit-v1\n"u8.ToArray();
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The record with its hash computed, whatever stood there.</summary>
    public static AuditRecord Seal(AuditRecord record) => record with { Hash = HashOf(Canonical(record)) };

    /// <summary>The hash that a record of this content must have.</summary>
    public static string HashOf(AuditRecord record) => HashOf(Canonical(record));

    /// <summary>What is stored: the canonical bytes, followed by the hash of 32 bytes.</summary>
    public static byte[] Encode(AuditRecord record) => [.. Canonical(record), .. Convert.FromHexString(record.Hash)];

    /// <summary>Reads what was stored. The hash is read, not checked: <see cref="AuditVerifier"/> does that.</summary>
    /// <exception cref="FormatException">It is no record.</exception>
    public static AuditRecord Decode(ReadOnlySpan<byte> stored)
    {
        try
        {
            var reader = new AuditFieldReader(stored);
            if (!reader.Bytes(Form.Length).SequenceEqual(Form))
            {
                throw new FormatException("it does not begin as a record does");
            }

            string previous = Convert.ToHexStringLower(reader.Bytes(32));
            (ulong sequence, long unixMs) = (reader.UInt64(), (long)reader.UInt64());
            (string actor, string role, string origin) = (reader.Text(), reader.Text(), reader.Text());
            (string action, string target, string outcome) = (reader.Text(), reader.Text(), reader.Text());
            var details = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (uint left = reader.UInt32(); left > 0; left--)
            {
                details.Add(reader.Text(), reader.Text());
            }

            string hash = Convert.ToHexStringLower(reader.Bytes(32));
            return reader.AtEnd
                ? new AuditRecord
                {
                    Sequence = sequence,
                    UnixMs = unixMs,
                    Actor = actor,
                    Role = role,
                    Origin = origin,
                    Action = action,
                    Target = target,
                    Outcome = outcome,
                    Details = details,
                    PreviousHash = previous,
                    Hash = hash,
                }
                : throw new FormatException("bytes follow its end");
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"it is no record: {e.Message}", e); // ends too early, a detail twice, no UTF-8
        }
    }

    private static string HashOf(byte[] canonical) => Convert.ToHexStringLower(SHA256.HashData(canonical));

    private static byte[] Canonical(AuditRecord record)
    {
        using var bytes = new MemoryStream(256);
        bytes.Write(Form);
        bytes.Write(Convert.FromHexString(record.PreviousHash));
        Number(bytes, record.Sequence);
        Number(bytes, (ulong)record.UnixMs);
        foreach (string text in new[] { record.Actor, record.Role, record.Origin, record.Action, record.Target, record.Outcome })
        {
            Text(bytes, text);
        }

        Length(bytes, record.Details.Count);
        foreach ((string name, string value) in record.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
        {
            Text(bytes, name);
            Text(bytes, value);
        }

        return bytes.ToArray();
    }

    private static void Number(MemoryStream to, ulong value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(eight, value);
        to.Write(eight);
    }

    private static void Length(MemoryStream to, int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, (uint)value);
        to.Write(four);
    }

    private static void Text(MemoryStream to, string text)
    {
        byte[] utf8 = Utf8.GetBytes(text);
        Length(to, utf8.Length);
        to.Write(utf8);
    }
}
