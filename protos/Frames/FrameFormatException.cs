namespace HostAgent.Protos.Frames;

/// <summary>
/// A frame body or an announcement breaks FORMAT.md: the sender is wrong, and the same bytes will not do better a second time.
/// The table it was applied to is undefined until its <see cref="FrameTable.Reset"/>.
/// </summary>
public sealed class FrameFormatException : FormatException
{
    public FrameFormatException(string message, int? offset = null)
        : base(offset is null ? message : $"{message} (at byte {offset})")
    {
        Offset = offset;
    }

    /// <summary>Where in the frame body; null when an announcement is refused.</summary>
    public int? Offset { get; }
}
