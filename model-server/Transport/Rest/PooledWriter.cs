using System.Buffers;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Collects an answer in pooled memory before any of it is sent, so that its length is known and a fault found half-way can still become
/// an error. Dispose it exactly once.
/// </summary>
internal sealed class PooledWriter(int initialBytes) : IBufferWriter<byte>, IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(initialBytes);
    private int _used;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _used);

    /// <summary>Room for at least <paramref name="bytes"/>; <see cref="Advance"/> tells how many were used.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _used < bytes)
        {
            Grow(bytes);
        }

        return _buffer.AsSpan(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => Room(Math.Max(1, sizeHint));

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(1, sizeHint));
        return _buffer.AsMemory(_used);
    }

    public void Advance(int count) => _used += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _used += bytes.Length;
    }

    public void Write(byte one)
    {
        Room(1)[0] = one;
        _used++;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, []) is { Length: > 0 } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Grow(int bytes)
    {
        var needed = (long)_used + bytes;
        if (needed > Array.MaxLength)
        {
            throw new DataPlane.ServingException(
                DataPlane.ErrorCode.Internal, "The answer is larger than 2 GiB; ask for fewer outputs or send fewer rows.");
        }

        var next = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(2L * _buffer.Length, needed, Array.MaxLength));
        Written.Span.CopyTo(next);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
    }
}
