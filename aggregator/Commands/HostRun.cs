using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>How a command fares on one host, in memory. Guarded by the <see cref="CommandTable"/>'s lock.</summary>
internal sealed class HostRun(string hostId, string name, HostRunRecord record)
{
    private byte[] _output = [];

    public string HostId { get; } = hostId;

    public string Name { get; } = name;

    /// <summary>As it is, or soon will be, stored.</summary>
    public HostRunRecord Record { get; private set; } = record;

    /// <summary>The command's version at the last change: readers ask for what is newer than what they have.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>Changes so far, and how many of them are durable.</summary>
    public long Version { get; private set; }

    public long DurableVersion { get; set; }

    /// <summary>The call that the order was last handed to.</summary>
    public AgentSession? WrittenTo { get; set; }

    public int OutputLength { get; private set; }

    public bool IsFinal => Record.State.IsFinal();

    /// <summary>Nothing more is expected soon: final, or nobody knows.</summary>
    public bool IsSettled => IsFinal || Record.Overdue;

    public bool IsInFlight => Record.Sent && !IsSettled;

    /// <summary>It went wrong, or nobody knows. Cancelled is what somebody wanted.</summary>
    public bool IsBad => Record.Overdue || (IsFinal && Record.State is not (CommandState.Succeeded or CommandState.Cancelled));

    public ReadOnlySpan<byte> Output => _output.AsSpan(0, OutputLength);

    /// <summary>A change that is to be stored.</summary>
    public void Set(HostRunRecord record, long at)
    {
        (Record, ChangedAt) = (record, at);
        Version++;
    }

    /// <summary>A change that may be lost: progress.</summary>
    public void Show(HostRunRecord record, long at) => (Record, ChangedAt) = (record, at);

    /// <summary>Appends at most <paramref name="room"/> bytes; false when some were cut off.</summary>
    public bool Append(ReadOnlySpan<byte> piece, int room)
    {
        ReadOnlySpan<byte> taken = piece[..Math.Min(piece.Length, Math.Max(0, room))];
        if (_output.Length < OutputLength + taken.Length)
        {
            Array.Resize(ref _output, Math.Max(OutputLength + taken.Length, Math.Min(_output.Length * 2, OutputLength + room)));
        }

        taken.CopyTo(_output.AsSpan(OutputLength));
        OutputLength += taken.Length;
        return taken.Length == piece.Length;
    }

    public void Load(ReadOnlyMemory<byte> output) => (_output, OutputLength) = (output.ToArray(), output.Length);
}
