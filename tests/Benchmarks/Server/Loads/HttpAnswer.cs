using System.Buffers.Text;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>Follows one HTTP/1.1 answer with a Content-Length as its pieces come in; the body is passed over.</summary>
internal sealed class HttpAnswer
{
    private const int MostHeadBytes = 8 << 10;

    private readonly byte[] _head = new byte[MostHeadBytes];
    private int _headBytes;
    private bool _inBody;
    private long _bodyLeft;

    public int Status { get; private set; }

    /// <summary>The server closes the connection after this answer.</summary>
    public bool Closes { get; private set; }

    public void Reset()
    {
        _headBytes = 0;
        _inBody = false;
        Closes = false;
    }

    /// <returns>Whether the answer is whole.</returns>
    /// <exception cref="InvalidDataException">It is none that is understood here.</exception>
    public bool Take(ReadOnlySpan<byte> piece)
    {
        if (!_inBody)
        {
            piece = TakeHead(piece);
            if (!_inBody)
            {
                return false;
            }
        }

        _bodyLeft -= piece.Length;
        return _bodyLeft >= 0 ? _bodyLeft == 0 : throw new InvalidDataException("More came than the answer's length.");
    }

    private ReadOnlySpan<byte> TakeHead(ReadOnlySpan<byte> piece)
    {
        var taken = Math.Min(piece.Length, MostHeadBytes - _headBytes);
        piece[..taken].CopyTo(_head.AsSpan(_headBytes));
        var before = _headBytes;
        _headBytes += taken;
        var end = _head.AsSpan(0, _headBytes).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return _headBytes < MostHeadBytes ? [] : throw new InvalidDataException("The answer's headers do not end.");
        }

        Read(_head.AsSpan(0, end));
        return piece[(end + 4 - before)..];
    }

    private void Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !Utf8Parser.TryParse(head[9..12], out int status, out _))
        {
            throw new InvalidDataException("The answer is not HTTP/1.1.");
        }

        Status = status;
        Closes = Header(head, "\r\nconnection:"u8) is [(byte)'c' or (byte)'C', ..];
        _bodyLeft = Utf8Parser.TryParse(Header(head, "\r\ncontent-length:"u8), out long length, out _)
            ? length
            : throw new InvalidDataException($"The answer {status} has no Content-Length.");
        _inBody = true;
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var from = head.IndexOf("\r\n"u8); from >= 0 && head.Length - from > name.Length;)
        {
            var rest = head[from..];
            if (System.Text.Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                var value = rest[name.Length..];
                var end = value.IndexOf("\r\n"u8);
                return (end < 0 ? value : value[..end]).Trim((byte)' ');
            }

            var next = rest[2..].IndexOf("\r\n"u8);
            from = next < 0 ? -1 : from + 2 + next;
        }

        return [];
    }
}
