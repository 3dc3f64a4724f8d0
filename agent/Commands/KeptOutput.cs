using System.Runtime.InteropServices;
using System.Text;

namespace HostAgent.Agent.Commands;

/// <summary>One output of a program, read to its end, kept up to a limit. May be looked at while it is still being read.</summary>
internal sealed class KeptOutput(int maxBytes, Action<ReadOnlyMemory<byte>>? onOutput)
{
    private readonly Lock _gate = new();
    private readonly List<byte> _kept = [];
    private bool _isCut;

    /// <summary>What was kept, as UTF-8.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_kept));
            }
        }
    }

    /// <summary>True when there was more than the limit.</summary>
    public bool IsCut
    {
        get
        {
            lock (_gate)
            {
                return _isCut;
            }
        }
    }

    /// <summary>Reads until the end of the stream, or until it is closed.</summary>
    public async Task ReadAsync(Stream stream)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
            {
                onOutput?.Invoke(buffer.AsMemory(0, count).ToArray());
                lock (_gate)
                {
                    int room = Math.Min(count, maxBytes - _kept.Count);
                    _kept.AddRange(buffer.AsSpan(0, room));
                    _isCut |= room < count;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The runner has stopped waiting and closed it.
        }
    }
}
