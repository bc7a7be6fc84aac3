using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// A place in a JSON text, moved forward value by value. It checks the grammar of all that it passes and throws a
/// <see cref="ServingException"/> that names the byte where the text is wrong.
/// </summary>
/// <param name="deepest">Levels of arrays and objects that are passed over at most; 60 or less.</param>
internal ref struct JsonCursor(ReadOnlySpan<byte> text, int position = 0, int deepest = RequestLimits.DeepestJson)
{
    private static readonly SearchValues<byte> EndOfPlainString =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private readonly ReadOnlySpan<byte> _text = text;

    public int Position { get; private set; } = position;

    /// <summary>What has not been passed.</summary>
    public readonly ReadOnlySpan<byte> Rest => _text[Position..];

    /// <summary>The next byte that is not white space; 0 at the end.</summary>
    public byte Peek()
    {
        SkipWhitespace();
        return Position < _text.Length ? _text[Position] : (byte)0;
    }

    public void SkipWhitespace()
    {
        while (Position < _text.Length && _text[Position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            Position++;
        }
    }

    public void Advance(int count) => Position += count;

    public bool TryTake(byte expected)
    {
        if (Peek() != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    public void Take(byte expected, string where)
    {
        if (!TryTake(expected))
        {
            throw Wrong($"'{(char)expected}' {where}");
        }
    }

    public bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        SkipWhitespace();
        if (!Rest.StartsWith(word))
        {
            return false;
        }

        Position += word.Length;
        return true;
    }

    /// <summary>Ends an array or object, or passes the comma to its next entry.</summary>
    /// <returns>Whether another entry follows.</returns>
    public bool TakeCommaOr(byte end)
    {
        var next = Peek();
        if (next != ',' && next != end)
        {
            throw Wrong($"',' or '{(char)end}'");
        }

        Position++;
        return next == ',';
    }

    /// <summary>Passes a string and gives its content between the quotes, escapes and all.</summary>
    public ReadOnlySpan<byte> TakeRawString(string what, out bool hasEscapes)
    {
        Take((byte)'"', what);
        hasEscapes = false;
        var start = Position;
        while (true)
        {
            var offset = Rest.IndexOfAny(EndOfPlainString);
            Position = offset < 0 ? _text.Length : Position + offset;
            if (offset < 0 || _text[Position] < 0x20)
            {
                throw Wrong("the end of a string, whose control characters must be escaped");
            }

            if (_text[Position] == '"')
            {
                return _text[start..Position++];
            }

            hasEscapes = true;
            Position += EscapeLength();
        }
    }

    /// <summary>Passes a string and gives its UTF-8 content.</summary>
    public ReadOnlySpan<byte> TakeString(string what)
    {
        var start = Position;
        var raw = TakeRawString(what, out var hasEscapes);
        if (hasEscapes && JsonStrings.Unescape(raw) is { } unescaped && Utf8.IsValid(unescaped))
        {
            return unescaped;
        }

        return !hasEscapes && Utf8.IsValid(raw)
            ? raw
            : throw ServingException.Invalid($"The body is not valid JSON: the string at byte {start} is not valid Unicode.");
    }

    /// <summary>Passes a value of any kind.</summary>
    public void SkipValue()
    {
        // One bit per open level: set for an object.
        ulong objects = 0;
        var depth = 0;
        while (true)
        {
            var next = Peek();
            if (next is (byte)'{' or (byte)'[')
            {
                if (++depth > deepest)
                {
                    throw ServingException.Invalid(string.Create(
                        CultureInfo.InvariantCulture, $"The body nests deeper than {deepest} levels, the most that this server takes."));
                }

                Position++;
                objects = (objects << 1) | (next == '{' ? 1u : 0u);
                if (Peek() != Closing(next))
                {
                    TakeKeyIf(next == '{');
                    continue;
                }

                Position++;
            }
            else
            {
                SkipScalar(next);
                depth++;
                objects <<= 1;
            }

            if (!Continues(ref objects, ref depth))
            {
                return;
            }
        }
    }

    public readonly ServingException Wrong(string expected) => ServingException.Invalid(
        Position < _text.Length
            ? string.Create(CultureInfo.InvariantCulture, $"The body is not valid JSON: expected {expected} at byte {Position}, got {Quote.Of(_text[Position..Math.Min(_text.Length, Position + 12)])}.")
            : $"The body is not valid JSON: it ends where {expected} is expected.");

    // After a value: leaves each level that ends here. False when the value that was asked for is over.
    private bool Continues(ref ulong objects, ref int depth)
    {
        while (true)
        {
            objects >>= 1;
            if (--depth == 0)
            {
                return false;
            }

            var isObject = (objects & 1) != 0;
            if (TakeCommaOr(Closing(isObject ? (byte)'{' : (byte)'[')))
            {
                TakeKeyIf(isObject);
                return true;
            }
        }
    }

    private static byte Closing(byte opening) => opening == '{' ? (byte)'}' : (byte)']';

    private void TakeKeyIf(bool isObject)
    {
        if (isObject)
        {
            TakeRawString("to begin a name", out _);
            Take((byte)':', "after a name");
        }
    }

    private void SkipScalar(byte next)
    {
        switch (next)
        {
            case (byte)'"':
                TakeRawString("to begin a string", out _);
                return;
            case (byte)'t' when TryTakeWord("true"u8):
            case (byte)'f' when TryTakeWord("false"u8):
            case (byte)'n' when TryTakeWord("null"u8):
                return;
            default:
                var length = NumberScanner.ScanDecimal(Rest, out _);
                if (length == 0)
                {
                    throw Wrong("a value");
                }

                Position += length;
                return;
        }
    }

    private readonly int EscapeLength()
    {
        var escape = Rest;
        if (escape.Length >= 2 && "\"\\/bfnrt"u8.Contains(escape[1]))
        {
            return 2;
        }

        if (escape.Length >= 6 && escape[1] == 'u' && Encoding.ASCII.GetString(escape[2..6]).All(char.IsAsciiHexDigit))
        {
            return 6;
        }

        throw Wrong("an escape such as \\n or \\u00e9");
    }
}
