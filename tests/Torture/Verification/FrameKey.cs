namespace HostAgent.Torture.Verification;

/// <summary>Names a frame within a host.</summary>
internal readonly record struct FrameKey(ulong Epoch, ulong Sequence) : IComparable<FrameKey>
{
    /// <inheritdoc/>
    public int CompareTo(FrameKey other) => (Epoch, Sequence).CompareTo((other.Epoch, other.Sequence));

    /// <inheritdoc/>
    public override string ToString() => $"{Epoch}/{Sequence}";

    public static bool operator <(FrameKey left, FrameKey right) => left.CompareTo(right) < 0;

    public static bool operator >(FrameKey left, FrameKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(FrameKey left, FrameKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FrameKey left, FrameKey right) => left.CompareTo(right) >= 0;
}
