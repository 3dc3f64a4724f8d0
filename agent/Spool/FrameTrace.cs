using System.Globalization;
using System.Text;

namespace HostAgent.Agent.Spool;

/// <summary>
/// A diagnostic record of what this agent produced and what was acknowledged, one line each by a plain write(2), so that it is complete
/// when the process is killed: <c>frame EPOCH SEQUENCE UNIXMS SAMPLES</c> before the frame can leave the process,
/// <c>ack EPOCH FIRST LAST LANE</c> before the frames are forgotten, and <c>loss EPOCH FIRST LAST SAMPLES REASON</c> when the aggregator
/// has taken note of a loss.
/// </summary>
internal sealed class FrameTrace : IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _gate = new();

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public FrameTrace(string path) => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public void Frame(ulong epoch, ulong sequence, long timeUnixMs, int samples) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"frame {epoch} {sequence} {timeUnixMs} {samples}\n"));

    public void Ack(ulong epoch, ulong first, ulong last, string lane) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"ack {epoch} {first} {last} {lane}\n"));

    public void Loss(LossRange loss) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"loss {loss.Epoch} {loss.First} {loss.Last} {loss.Samples} {(int)loss.Reason}\n"));

    /// <summary><c>command ID STEP</c>: a boundary in the life of a command.</summary>
    public void Command(string id, string step) => Write($"command {id} {step}\n");

    public void Dispose() => _file.Dispose();

    private void Write(string line)
    {
        lock (_gate)
        {
            _file.Write(Encoding.ASCII.GetBytes(line));
        }
    }
}
