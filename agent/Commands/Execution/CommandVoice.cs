using Google.Protobuf;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>What one command says while it runs: progress and output, bounded. Thread-safe.</summary>
internal sealed class CommandVoice(string id, Secrets secrets, ReportOutbox outbox, TimeProvider time, Action<CommandReport>? observer)
{
    /// <summary>Most bytes of output of one command: 1 MiB.</summary>
    public const int MaxOutputBytes = 1 << 20;

    private const int PieceBytes = 32 << 10;
    private readonly Lock _gate = new();
    private int _outputBytes;
    private bool _isCut;

    /// <summary>True when output was left out.</summary>
    public bool IsCut => Volatile.Read(ref _isCut);

    /// <summary>How far it is.</summary>
    public void Progress(int percent, string sentence) => Tell(new CommandReport
    {
        CommandId = id,
        State = CommandState.Running,
        TimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        Percent = (uint)Math.Clamp(percent, 0, 100),
        Message = secrets.Hide(sentence),
    });

    /// <summary>A piece of its output.</summary>
    public void Output(ReadOnlyMemory<byte> text)
    {
        int room;
        lock (_gate)
        {
            room = Math.Min(text.Length, MaxOutputBytes - _outputBytes);
            _outputBytes += room;
            _isCut |= room < text.Length;
        }

        for (int at = 0; at < room; at += PieceBytes)
        {
            Tell(new CommandReport
            {
                CommandId = id,
                State = CommandState.Running,
                TimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Output = ByteString.CopyFrom(text.Span.Slice(at, Math.Min(PieceBytes, room - at))),
            });
        }
    }

    private void Tell(CommandReport report)
    {
        observer?.Invoke(report);
        if (!outbox.TrySend(report))
        {
            Volatile.Write(ref _isCut, _isCut || report.Output.Length > 0);
        }
    }
}
