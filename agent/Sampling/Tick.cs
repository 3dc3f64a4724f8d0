using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling;

/// <summary>What a sampler works with during one reading: the table to write to and a way to read kernel files that a
/// supervisor can watch. One per tick thread, used again for every reading.</summary>
internal sealed class Tick(SeriesTable table, TimeProvider time)
{
    private byte[] _buffer = new byte[32 * 1024];

    /// <summary>Where series are added, set and ended.</summary>
    public SeriesTable Table => table;

    /// <summary>The clock that measures durations.</summary>
    public TimeProvider Time => time;

    /// <summary>Planned instant of the tick in unix milliseconds.</summary>
    public long UnixMs { get; set; }

    /// <summary>Group of the sampler whose turn it is.</summary>
    public int Group { get; set; }

    /// <summary>Goes around calls that may hang and that <see cref="TryRead"/> does not make itself.</summary>
    public TickGate Gate { get; } = new();

    /// <summary>Reads a whole kernel file into the buffer that all readings share: the text is valid until the next call.</summary>
    /// <returns>False when it could not be read: then return <see cref="OutcomeOf"/>.</returns>
    public bool TryRead(KernelFile file, out ReadOnlySpan<byte> text)
    {
        Gate.Enter();
        int count = file.Read(ref _buffer);
        Gate.Leave();
        text = count > 0 ? _buffer.AsSpan(0, count) : default;
        return count >= 0;
    }

    /// <summary>What to say after <see cref="TryRead"/> was false: nothing when this kernel does not have the file, else a failure.</summary>
    public static SampleOutcome OutcomeOf(KernelFile file) => file.IsAbsent
        ? SampleOutcome.NothingToSay($"this kernel has no {file.Path}")
        : SampleOutcome.Failed($"reading {file.Path}: {Errno.Describe(file.LastErrno)}");

    /// <summary>What to say about a file whose text is not what its man page says.</summary>
    public static SampleOutcome Malformed(KernelFile file, string what) => SampleOutcome.Failed($"{file.Path} is malformed: {what}");
}
