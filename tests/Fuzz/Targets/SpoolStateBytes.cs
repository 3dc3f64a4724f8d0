using System.Globalization;
using System.Text;
using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Fuzz.Targets;

/// <summary>The spool's state file as a bad disk could give it back, with the checksum put right in every second input.</summary>
internal sealed class SpoolStateBytes : FuzzTarget
{
    private const int ChecksumLine = 13; // "crc ", eight digits, newline

    public override string Name => "spool-state";

    public override IEnumerable<byte[]> Seeds()
    {
        var state = new SpoolState { Epoch = 7 };
        yield return state.Format();
        state.Ended.Add(new EndedEpoch(5, 900, true));
        state.Ended.Add(new EndedEpoch(6, ulong.MaxValue, false));
        state.Losses.Add(new LossRange(6, 10, 20, 1_700_000_000_000, -1, 99, LossReason.SpoolFull));
        yield return state.Format();
    }

    public override bool Run(byte[] input)
    {
        if (input.Length > ChecksumLine && input[0] % 2 == 0)
        {
            uint crc = Crc32C.Of(input.AsSpan(0, input.Length - ChecksumLine));
            input = [.. input[..^ChecksumLine], .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crc {crc:x8}\n"))];
        }

        // What reads must be written again, and then read the same.
        return SpoolState.Parse(input) is { } state
            && (SpoolState.Parse(state.Format()) is { } again && again.Format().AsSpan().SequenceEqual(state.Format())
                ? true
                : throw new InvalidOperationException("a state that was read does not survive being written"));
    }
}
