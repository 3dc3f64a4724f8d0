using System.Buffers.Binary;
using System.Text;
using HostAgent.V1;

namespace HostAgent.Protos.Commands;

/// <summary>The bytes of an order that operators sign; see FORMAT.md. Both ends build them from the fields, never from what came over the wire.</summary>
public static class CanonicalOrder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The canonical bytes of an order.</summary>
    /// <exception cref="FormatException">Args or targets are not ascending, or a text is not valid Unicode: such an order has no canonical form.</exception>
    public static byte[] Bytes(OrderBody order)
    {
        RequireAscending(order.Args.Select(static a => a.Name), "args");
        RequireAscending(order.Targets, "targets");
        using var bytes = new MemoryStream();
        try
        {
            bytes.Write("hostagent-command-v1\n"u8);
            Text(bytes, order.CommandId);
            Text(bytes, order.Kind);
            Number(bytes, (uint)order.Args.Count);
            foreach (Arg arg in order.Args)
            {
                Text(bytes, arg.Name);
                Text(bytes, arg.Value);
            }

            Number(bytes, (uint)order.Targets.Count);
            foreach (string target in order.Targets)
            {
                Text(bytes, target);
            }

            Number(bytes, order.NotBeforeUnixMs);
            Number(bytes, order.NotAfterUnixMs);
            Number(bytes, order.TimeoutMs);
            Text(bytes, order.Precondition);
            bytes.WriteByte(order.DryRun ? (byte)1 : (byte)0);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("an order's text is not valid Unicode", e);
        }

        return bytes.ToArray();
    }

    /// <summary>Puts args and targets into canonical order.</summary>
    public static void Sort(OrderBody order)
    {
        Arg[] args = [.. order.Args.OrderBy(static a => a.Name, StringComparer.Ordinal)];
        string[] targets = [.. order.Targets.Order(StringComparer.Ordinal)];
        order.Args.Clear();
        order.Args.AddRange(args);
        order.Targets.Clear();
        order.Targets.AddRange(targets);
    }

    private static void RequireAscending(IEnumerable<string> names, string what)
    {
        string? last = null;
        foreach (string name in names)
        {
            if (last is not null && string.CompareOrdinal(last, name) >= 0)
            {
                throw new FormatException($"an order's {what} are not ascending, or one stands twice: {name}");
            }

            last = name;
        }
    }

    private static void Text(MemoryStream bytes, string text)
    {
        byte[] utf8 = Utf8.GetBytes(text);
        Number(bytes, (uint)utf8.Length);
        bytes.Write(utf8);
    }

    private static void Number(MemoryStream bytes, uint value)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, value);
        bytes.Write(number);
    }

    private static void Number(MemoryStream bytes, long value)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, value);
        bytes.Write(number);
    }
}
