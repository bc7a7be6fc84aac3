using System.Buffers.Binary;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// Counts of past minutes in a fixed number of bytes, the oldest given up for the newest. A record holds what one owner counted in one
/// minute, only the cells that are not 0, so that its size follows what happened and not how much could. Not for several threads at a time.
/// </summary>
internal sealed class BucketLog(int bytes)
{
    // Minute, owner and the length of what follows.
    private const int HeaderBytes = sizeof(long) + sizeof(int) + sizeof(int);

    // How many cells are passed over, and the count.
    private const int MostCellBytes = 5 + 10;

    private readonly byte[] _bytes = new byte[bytes];
    private int _oldest;
    private int _used;

    /// <summary>
    /// Latest minute of which something was given up; −1 when nothing was. What a clock that was set back had counted ahead is not told here.
    /// </summary>
    public long LastGivenUp { get; private set; } = -1;

    /// <summary>What a record of so many cells takes at most.</summary>
    public static int MostRecordBytes(int cells) => HeaderBytes + (cells * MostCellBytes);

    /// <param name="counts">One for each cell, not negative; a record of <see cref="MostRecordBytes"/> must fit.</param>
    public void Append(long minute, int owner, ReadOnlySpan<long> counts)
    {
        if (!counts.ContainsAnyExcept(0))
        {
            return;
        }

        MakeRoom(MostRecordBytes(counts.Length), minute);
        var header = After(_oldest, _used);
        var at = After(header, HeaderBytes);
        var length = 0;
        var passed = 0;
        foreach (var count in counts)
        {
            if (count == 0)
            {
                passed++;
                continue;
            }

            length += PutNumber(ref at, (ulong)passed) + PutNumber(ref at, (ulong)count);
            passed = 0;
        }

        PutHeader(header, new(minute, owner, length));
        _used += HeaderBytes + length;
    }

    /// <summary>Adds the counts of the minutes from <paramref name="first"/> on and before <paramref name="end"/>.</summary>
    /// <param name="sumsOf">Where an owner's cells are summed up; null passes it over.</param>
    public void AddTo(long first, long end, Func<int, long[]?> sumsOf)
    {
        var at = _oldest;
        for (var left = _used; left > 0;)
        {
            var header = GetHeader(at);
            at = After(at, HeaderBytes);
            if (header.Minute >= first && header.Minute < end && sumsOf(header.Owner) is { } sums)
            {
                AddCells(at, header.Length, sums);
            }

            at = After(at, header.Length);
            left -= HeaderBytes + header.Length;
        }
    }

    private void MakeRoom(int needed, long minute)
    {
        while (_bytes.Length - _used < needed)
        {
            var gone = GetHeader(_oldest);
            _oldest = After(_oldest, HeaderBytes + gone.Length);
            _used -= HeaderBytes + gone.Length;
            if (gone.Minute <= minute)
            {
                LastGivenUp = Math.Max(LastGivenUp, gone.Minute);
            }
        }
    }

    private void AddCells(int at, int length, long[] sums)
    {
        var cell = 0;
        for (var left = length; left > 0;)
        {
            left -= GetNumber(ref at, out var passed) + GetNumber(ref at, out var count);
            cell += (int)passed;
            sums[cell++] += (long)count;
        }
    }

    private void PutHeader(int at, Header header)
    {
        Span<byte> raw = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt64LittleEndian(raw, header.Minute);
        BinaryPrimitives.WriteInt32LittleEndian(raw[sizeof(long)..], header.Owner);
        BinaryPrimitives.WriteInt32LittleEndian(raw[(sizeof(long) + sizeof(int))..], header.Length);
        foreach (var each in raw)
        {
            Put(ref at, each);
        }
    }

    private Header GetHeader(int at)
    {
        Span<byte> raw = stackalloc byte[HeaderBytes];
        foreach (ref var each in raw)
        {
            each = Get(ref at);
        }

        return new(
            BinaryPrimitives.ReadInt64LittleEndian(raw),
            BinaryPrimitives.ReadInt32LittleEndian(raw[sizeof(long)..]),
            BinaryPrimitives.ReadInt32LittleEndian(raw[(sizeof(long) + sizeof(int))..]));
    }

    // Seven bits a byte, the last byte without the eighth.
    private int PutNumber(ref int at, ulong number)
    {
        var size = 1;
        for (; number >= 0x80; number >>= 7, size++)
        {
            Put(ref at, (byte)(number | 0x80));
        }

        Put(ref at, (byte)number);
        return size;
    }

    private int GetNumber(ref int at, out ulong number)
    {
        number = 0;
        for (var size = 1; ; size++)
        {
            var next = Get(ref at);
            number |= (ulong)(next & 0x7f) << (7 * (size - 1));
            if (next < 0x80)
            {
                return size;
            }
        }
    }

    private void Put(ref int at, byte value)
    {
        _bytes[at] = value;
        at = After(at, 1);
    }

    private byte Get(ref int at)
    {
        var value = _bytes[at];
        at = After(at, 1);
        return value;
    }

    private int After(int at, int count)
    {
        var next = at + count;
        return next < _bytes.Length ? next : next - _bytes.Length;
    }

    private readonly record struct Header(long Minute, int Owner, int Length);
}
