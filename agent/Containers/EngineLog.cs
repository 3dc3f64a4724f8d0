using System.Buffers.Binary;
using System.Text;

namespace HostAgent.Agent.Containers;

/// <summary>The output of a container as the engine sends it ("Attach to a container", stream format): frames of 8 bytes of header (stream, three zeros, length
/// big-endian) and content; without frames when the container has a terminal.</summary>
internal static class EngineLog
{
    /// <summary>The text of both streams in the order in which they came. What is cut off or no frame is taken as it is.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, bool hasTerminal)
    {
        var text = new StringBuilder();
        while (!hasTerminal && bytes.Length >= 8 && bytes[0] <= 2 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
            int take = (int)Math.Min(length, (uint)(bytes.Length - 8));
            text.Append(Encoding.UTF8.GetString(bytes.Slice(8, take)));
            bytes = bytes[(8 + take)..];
        }

        return text.Append(Encoding.UTF8.GetString(bytes)).ToString();
    }
}
