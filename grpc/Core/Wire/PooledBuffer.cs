using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Bytes that grow in an array from the shared pool. One owner, one thread at a time.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 1024;
    private const int KeepBytes = 64 * 1024;

    private byte[] _array = [];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>A part of what has been written, to be changed in place.</summary>
    public Span<byte> SpanAt(int start, int length) => _array.AsSpan(start, length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length));
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    /// <summary>Drops bytes from the end.</summary>
    public void Truncate(int length) => Length = Math.Min(length, Length);

    /// <summary>Drops bytes from the front.</summary>
    public void Discard(int count)
    {
        _array.AsSpan(count, Length - count).CopyTo(_array);
        Length -= count;
    }

    /// <summary>Empties; an array grown by an exceptional message goes back to the pool.</summary>
    public void Reset()
    {
        Length = 0;
        if (_array.Length > KeepBytes)
        {
            Release();
        }
    }

    /// <summary>Gives the array back. The buffer may be used again.</summary>
    public void Release()
    {
        byte[] array = _array;
        _array = [];
        Length = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        int free = _array.Length - Length;
        if (free >= Math.Max(sizeHint, 1))
        {
            return;
        }

        int needed = checked(Length + Math.Max(sizeHint, 1));
        int doubled = (int)Math.Min((long)_array.Length * 2, Array.MaxLength);
        byte[] bigger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, doubled), InitialBytes));
        _array.AsSpan(0, Length).CopyTo(bigger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = bigger;
    }
}
