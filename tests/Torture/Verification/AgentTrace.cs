using System.Globalization;

namespace HostAgent.Torture.Verification;

/// <summary>What an agent wrote down with <c>--trace</c>: every frame before it could leave the process, every acknowledgement before the frame
/// was forgotten. Each line is one write(2), so it survives kill -9.</summary>
internal sealed class AgentTrace
{
    private readonly SortedDictionary<FrameKey, TraceFrame> _frames = [];
    private readonly HashSet<FrameKey> _acknowledged = [];
    private readonly HashSet<FrameKey> _reportedLost = [];

    /// <summary>Every frame, by epoch and sequence.</summary>
    public IReadOnlyDictionary<FrameKey, TraceFrame> Frames => _frames;

    /// <summary>Frames that the aggregator said are durable.</summary>
    public IReadOnlySet<FrameKey> Acknowledged => _acknowledged;

    /// <summary>Frames that the agent gave up and that the aggregator said it has taken note of.</summary>
    public IReadOnlySet<FrameKey> ReportedLost => _reportedLost;

    /// <summary>Acknowledgements received.</summary>
    public int AckLines { get; private set; }

    /// <summary>The newest epoch; 0 when nothing was produced.</summary>
    public ulong LastEpoch => _frames.Count == 0 ? 0 : _frames.Last().Key.Epoch;

    /// <summary>Reads a trace file; a missing file is an empty trace.</summary>
    public static AgentTrace Read(string path) => Parse(File.Exists(path) ? File.ReadLines(path) : []);

    /// <summary>Reads trace lines: <c>frame EPOCH SEQUENCE UNIXMS SAMPLES</c>, <c>ack EPOCH FIRST LAST LANE</c> and
    /// <c>loss EPOCH FIRST LAST SAMPLES REASON</c> (a loss that the aggregator has acknowledged).</summary>
    /// <exception cref="FormatException">A line is none of them, or a frame stands there twice.</exception>
    public static AgentTrace Parse(IEnumerable<string> lines)
    {
        var trace = new AgentTrace();
        foreach (string line in lines)
        {
            string[] field = line.Split(' ');
            switch (field[0])
            {
                case "frame" when field.Length == 5:
                    trace.Add(new TraceFrame(Number(field[1]), Number(field[2]), (long)Number(field[3]), (int)Number(field[4])));
                    break;
                case "ack" when field.Length == 5:
                    trace.Acknowledge(Number(field[1]), Number(field[2]), Number(field[3]));
                    break;
                case "loss" when field.Length == 6:
                    trace.Lose(Number(field[1]), Number(field[2]), Number(field[3]));
                    break;
                default:
                    throw new FormatException($"trace line not understood: {line}");
            }
        }

        return trace;
    }

    private static ulong Number(string field) => ulong.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);

    private void Add(TraceFrame frame)
    {
        if (!_frames.TryAdd(frame.Key, frame))
        {
            throw new FormatException($"the agent produced frame {frame.Key} twice");
        }
    }

    private void Lose(ulong epoch, ulong first, ulong last)
    {
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            _reportedLost.Add(new FrameKey(epoch, sequence));
        }
    }

    private void Acknowledge(ulong epoch, ulong first, ulong last)
    {
        AckLines++;
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            _acknowledged.Add(new FrameKey(epoch, sequence));
        }
    }
}
