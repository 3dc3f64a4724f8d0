using System.Globalization;
using System.Text;
using HostAgent.V1;

namespace HostAgent.Agent.Spool;

/// <summary>The file <c>state</c> (FORMAT.md): what must outlive the process besides the frames. Not thread-safe.</summary>
internal sealed class SpoolState
{
    private const string FirstLine = "hostagent-spool 1";

    /// <summary>The epoch that runs; read from disk: one that did not end cleanly. 0: none.</summary>
    public ulong Epoch { get; set; }

    public List<EndedEpoch> Ended { get; } = [];

    public List<LossRange> Losses { get; } = [];

    public byte[] Format()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        if (Epoch != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"epoch {Epoch}\n");
        }

        foreach (var ended in Ended)
        {
            text.Append(CultureInfo.InvariantCulture, $"ended {ended.Epoch} {ended.Last} {(ended.Clean ? "clean" : "unclean")}\n");
        }

        foreach (var loss in Losses)
        {
            text.Append(CultureInfo.InvariantCulture, $"loss {loss.Epoch} {loss.First} {loss.Last} ")
                .Append(CultureInfo.InvariantCulture, $"{loss.FirstUnixMs} {loss.LastUnixMs} {loss.Samples} {(int)loss.Reason}\n");
        }

        var crc = Crc32C.Of(Encoding.ASCII.GetBytes(text.ToString()));
        return Encoding.ASCII.GetBytes(text.Append(CultureInfo.InvariantCulture, $"crc {crc:x8}\n").ToString());
    }

    /// <summary>Null when the bytes are damaged or of a version that is not known.</summary>
    public static SpoolState? Parse(ReadOnlySpan<byte> bytes)
    {
        const int crcLength = 13;
        if (bytes.Length < crcLength
            || Encoding.ASCII.GetString(bytes[^crcLength..]) != string.Create(CultureInfo.InvariantCulture, $"crc {Crc32C.Of(bytes[..^crcLength]):x8}\n"))
        {
            return null;
        }

        var lines = Encoding.ASCII.GetString(bytes[..^crcLength]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != FirstLine)
        {
            return null;
        }

        try
        {
            var state = new SpoolState();
            foreach (var line in lines.AsSpan(1))
            {
                state.Read(line.Split(' '));
            }

            return state;
        }
        catch (Exception error) when (error is FormatException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private void Read(string[] words)
    {
        switch (words[0])
        {
            case "epoch":
                Epoch = Number(words[1]);
                break;
            case "ended":
                Ended.Add(new EndedEpoch(Number(words[1]), Number(words[2]), words[3] == "clean"));
                break;
            case "loss":
                Losses.Add(new LossRange(
                    Number(words[1]), Number(words[2]), Number(words[3]), Time(words[4]), Time(words[5]), Number(words[6]), (LossReason)int.Parse(words[7], NumberStyles.None, CultureInfo.InvariantCulture)));
                break;
            default:
                throw new FormatException($"unknown line '{words[0]}'");
        }
    }

    private static ulong Number(string word) => ulong.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long Time(string word) => long.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
