using System.Globalization;
using System.Text;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Cuts a CEL expression into tokens.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols =
        ["==", "!=", "<=", ">=", "&&", "||", "(", ")", "[", "]", "{", "}", ",", ":", "?", ".", "+", "-", "*", "/", "%", "<", ">", "!"];

    /// <summary>The last token is always <see cref="TokenKind.End"/>.</summary>
    public static IReadOnlyList<Token> Read(string source)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (SkipSpace(source, ref at))
        {
            tokens.Add(Next(source, ref at));
        }
        tokens.Add(new Token(TokenKind.End, "<EOF>", null, source.Length));
        return tokens;
    }

    private static bool SkipSpace(string source, ref int at)
    {
        while (at < source.Length && (source[at] is ' ' or '\t' or '\r' or '\n' or '\f' || source.AsSpan(at).StartsWith("//")))
        {
            at = source[at] == '/' ? source.IndexOf('\n', at) is var end and >= 0 ? end : source.Length : at + 1;
        }
        return at < source.Length;
    }

    private static Token Next(string source, ref int at)
    {
        var start = at;
        var first = source[at];
        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
        {
            return NumberToken(source, ref at);
        }
        if (StringLexer.TryRead(source, ref at, out var literal))
        {
            return literal;
        }
        if (char.IsAsciiLetter(first) || first == '_')
        {
            while (at < source.Length && (char.IsAsciiLetterOrDigit(source[at]) || source[at] == '_'))
            {
                at++;
            }
            return new Token(TokenKind.Identifier, source[start..at], null, start);
        }
        foreach (var symbol in Symbols)
        {
            if (source.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
            {
                at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, null, start);
            }
        }
        throw new CelException($"Syntax error: token recognition error at: '{first}'", at);
    }

    private static Token NumberToken(string source, ref int at)
    {
        var start = at;
        if (source.AsSpan(at).StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            at += 2;
            while (at < source.Length && char.IsAsciiHexDigit(source[at]))
            {
                at++;
            }
            return Whole(source, start, ref at, NumberStyles.AllowHexSpecifier, 2);
        }
        var real = false;
        while (at < source.Length)
        {
            var c = source[at];
            var exponent = c is 'e' or 'E' && at > start;
            var point = c == '.' && !real && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]);
            if (!char.IsAsciiDigit(c) && !exponent && !point)
            {
                break;
            }
            real |= exponent || point;
            at += exponent && at + 1 < source.Length && source[at + 1] is '+' or '-' ? 2 : 1;
        }
        if (!real)
        {
            return Whole(source, start, ref at, NumberStyles.None, 0);
        }
        return double.TryParse(source.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new Token(TokenKind.Double, source[start..at], value, start)
            : throw new CelException("Syntax error: invalid double literal", start);
    }

    private static Token Whole(string source, int start, ref int at, NumberStyles style, int prefix)
    {
        var digits = source.AsSpan(start + prefix, at - start - prefix);
        var valid = ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var value);
        if (valid && at < source.Length && source[at] is 'u' or 'U')
        {
            at++;
            return new Token(TokenKind.Uint, source[start..at], value, start);
        }
        // One more than the largest int is allowed: a minus sign may stand before it.
        return valid && value <= (ulong)long.MaxValue + 1
            ? new Token(TokenKind.Int, source[start..at], unchecked((long)value), start)
            : throw new CelException("Syntax error: invalid int literal", start);
    }
}

/// <summary>String and bytes literals: single, double and triple quotes, raw strings, escapes.</summary>
internal static class StringLexer
{
    public static bool TryRead(string source, ref int at, out Token token)
    {
        var quoteAt = at;
        var (raw, bytes) = (false, false);
        while (quoteAt < source.Length && quoteAt - at < 2 && source[quoteAt] is 'r' or 'R' or 'b' or 'B')
        {
            raw |= source[quoteAt] is 'r' or 'R';
            bytes |= source[quoteAt] is 'b' or 'B';
            quoteAt++;
        }
        token = default;
        if (quoteAt >= source.Length || source[quoteAt] is not ('"' or '\''))
        {
            return false;
        }
        var start = at;
        var quote = source[quoteAt];
        var triple = new string(quote, 3);
        var mark = source.AsSpan(quoteAt).StartsWith(triple, StringComparison.Ordinal) ? triple : quote.ToString();
        at = quoteAt + mark.Length;
        var text = new StringBuilder();
        while (!source.AsSpan(Math.Min(at, source.Length)).StartsWith(mark, StringComparison.Ordinal))
        {
            if (at >= source.Length || (mark.Length == 1 && source[at] is '\n' or '\r'))
            {
                throw new CelException($"Syntax error: token recognition error at: '{source[start..Math.Min(at, source.Length)]}'", start);
            }
            if (source[at] == '\\' && !raw)
            {
                Escape(source, ref at, text);
            }
            else
            {
                text.Append(source[at++]);
            }
        }
        at += mark.Length;
        token = bytes
            ? new Token(TokenKind.Bytes, source[start..at], Encoding.UTF8.GetBytes(text.ToString()), start)
            : new Token(TokenKind.String, source[start..at], text.ToString(), start);
        return true;
    }

    private static void Escape(string source, ref int at, StringBuilder text)
    {
        var kind = at + 1 < source.Length ? source[at + 1] : '\0';
        var digits = kind switch
        {
            'x' or 'X' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (digits > 0 || kind is >= '0' and <= '3')
        {
            var from = digits > 0 ? at + 2 : at + 1;
            var length = digits > 0 ? digits : 3;
            text.Append(CodePoint(source, from, length, digits > 0 ? 16 : 8, at));
            at = from + length;
            return;
        }
        var index = "abfnrtv\\?\"'`".IndexOf(kind, StringComparison.Ordinal);
        if (index < 0)
        {
            throw new CelException("Syntax error: unable to unescape string", at);
        }
        text.Append("\a\b\f\n\r\t\v\\?\"'`"[index]);
        at += 2;
    }

    private static string CodePoint(string source, int from, int length, int radix, int at)
    {
        long code = 0;
        for (var i = from; i < from + length; i++)
        {
            var digit = i < source.Length && char.IsAsciiHexDigit(source[i]) ? Convert.ToInt32(source[i].ToString(), 16) : radix;
            if (digit >= radix)
            {
                throw new CelException("Syntax error: unable to unescape string", at);
            }
            code = (code * radix) + digit;
        }
        return code <= int.MaxValue && Rune.IsValid((int)code)
            ? new Rune((int)code).ToString()
            : throw new CelException("Syntax error: invalid unicode code point", at);
    }
}
