using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>/proc/net/sockstat and sockstat6: lines of a protocol followed by pairs of key and number.</summary>
/// <remarks>proc_pid_net(5): <c>TCP: inuse 1 orphan 0 tw 2 alloc 1 mem 253</c>. A wanted pair is written <c>TCP.inuse</c>.</remarks>
internal sealed class ProcSockstat
{
    private readonly (byte[] Protocol, byte[] Key)[] _wanted;
    private readonly long[] _values;

    /// <param name="wanted">Pairs as <c>protocol.key</c>.</param>
    public ProcSockstat(IEnumerable<string> wanted)
    {
        _wanted = [.. wanted.Select(one => one.Split('.')).Select(one => (Encoding.ASCII.GetBytes(one[0] + ":"), Encoding.ASCII.GetBytes(one[1])))];
        _values = new long[_wanted.Length];
    }

    /// <summary>Values in the order of the wanted pairs; -1 where the kernel does not say.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <summary>Reads the text. Returns null, or what is wrong with it.</summary>
    public string? Parse(ReadOnlySpan<byte> text)
    {
        Array.Fill(_values, -1);
        if (!KernelText.IsWhole(text))
        {
            return "cut off";
        }

        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (!KernelText.TakeWord(ref line, out ReadOnlySpan<byte> protocol))
            {
                continue;
            }

            while (KernelText.TakeWord(ref line, out ReadOnlySpan<byte> key))
            {
                if (!KernelText.TakeNumber(ref line, out long value))
                {
                    return "a key has no number";
                }

                Store(protocol, key, value);
            }
        }

        return null;
    }

    private void Store(ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> key, long value)
    {
        for (int i = 0; i < _wanted.Length; i++)
        {
            if (key.SequenceEqual(_wanted[i].Key) && protocol.SequenceEqual(_wanted[i].Protocol))
            {
                _values[i] = value;
            }
        }
    }
}
