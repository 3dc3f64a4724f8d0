namespace HostAgent.Fuzz;

/// <summary>Makes broken inputs out of good ones: flips, interesting numbers, cuts, repeats and splices of two inputs.</summary>
internal sealed class Mutator(Random random, int maxBytes)
{
    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFF, 0x40, 0x10, 0x20, (byte)'\n', (byte)'"', (byte)'{', (byte)'\\'];

    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        List<byte> bytes = [.. corpus[random.Next(corpus.Count)]];
        for (int steps = 1 + random.Next(6); steps > 0; steps--)
        {
            Step(bytes, corpus);
        }

        if (bytes.Count > maxBytes)
        {
            bytes.RemoveRange(maxBytes, bytes.Count - maxBytes);
        }

        return [.. bytes];
    }

    private void Step(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        int at = bytes.Count == 0 ? 0 : random.Next(bytes.Count);
        switch (random.Next(8))
        {
            case 0 when bytes.Count > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                break;
            case 2 when bytes.Count > 0:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Next(16)));
                break;
            case 3:
                byte[] noise = new byte[1 + random.Next(16)];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            case 4 when bytes.Count > 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5 when bytes.Count > 0 && bytes.Count < maxBytes:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + random.Next(64))));
                break;
            case 6:
                byte[] other = corpus[random.Next(corpus.Count)];
                int from = other.Length == 0 ? 0 : random.Next(other.Length);
                bytes.InsertRange(at, other[from..]);
                break;
            default:
                // A run of 0xFF is the longest varint, the largest length, the smallest negative number.
                bytes.InsertRange(at, Enumerable.Repeat((byte)0xFF, 1 + random.Next(10)));
                break;
        }
    }
}
