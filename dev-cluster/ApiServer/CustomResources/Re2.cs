using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Regular expressions in RE2 syntax, as Kubernetes reads patterns, on .NET's engine without backtracking: time is linear in the text.
/// </summary>
internal static class Re2
{
    private const int LongestPattern = 64 * 1024;

    /// <summary>On failure <paramref name="error"/> is the sentence of Go's <c>regexp</c> package.</summary>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string error)
    {
        regex = null;
        error = "";
        if (pattern.Length > LongestPattern)
        {
            error = "error parsing regexp: expression too large";
            return false;
        }
        try
        {
            regex = new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException e)
        {
            error = Describe(e, pattern);
            return false;
        }
        catch (NotSupportedException)
        {
            // Look-around, back references and atomic groups: neither engine has them.
            error = $"error parsing regexp: invalid or unsupported Perl syntax: `{pattern}`";
            return false;
        }
    }

    private static string Describe(RegexParseException e, string pattern)
    {
        var text = e.Error switch
        {
            RegexParseError.InsufficientClosingParentheses => $"missing closing ): `{pattern}`",
            RegexParseError.InsufficientOpeningParentheses => $"unexpected ): `{pattern}`",
            RegexParseError.UnterminatedBracket => $"missing closing ]: `{pattern[Math.Max(0, pattern.LastIndexOf('['))..]}`",
            RegexParseError.QuantifierAfterNothing => $"missing argument to repetition operator: `{FirstQuantifier(pattern)}`",
            RegexParseError.NestedQuantifiersNotParenthesized => $"invalid nested repetition operator: `{pattern}`",
            RegexParseError.ReversedCharacterRange => $"invalid character class range: `{pattern}`",
            RegexParseError.UnescapedEndingBackslash => "trailing backslash at end of expression: ``",
            RegexParseError.UnrecognizedEscape => $"invalid escape sequence: `{pattern}`",
            _ => $"invalid or unsupported Perl syntax: `{pattern}`",
        };
        return "error parsing regexp: " + text;
    }

    private static string FirstQuantifier(string pattern) =>
        pattern.FirstOrDefault(c => c is '*' or '+' or '?') is var c and not '\0' ? c.ToString() : pattern;

    // The two syntaxes differ in: $ (RE2: the very end), \d \w \s (ASCII), \z, named groups, POSIX classes, and "[" inside a class.
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        var multiline = pattern.Contains("(?m", StringComparison.Ordinal);
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest[0] == '\\' && rest.Length > 1)
            {
                i += Escape(text, rest, inClass);
            }
            else if (inClass)
            {
                i += InClass(text, rest, ref inClass);
            }
            else if (rest[0] == '[')
            {
                inClass = true;
                text.Append('[');
                // A "]" or "^]" right at the start is a member.
                if (rest is [_, '^', ..])
                {
                    text.Append('^');
                    i++;
                }
                if (pattern.AsSpan(i) is [_, ']', ..])
                {
                    text.Append("\\]");
                    i++;
                }
            }
            else if (rest.StartsWith("(?P<"))
            {
                text.Append("(?<");
                i += 3;
            }
            else
            {
                _ = rest[0] == '$' && !multiline ? text.Append(@"\z") : text.Append(rest[0]);
            }
        }
        return text.ToString();
    }

    private static int Escape(StringBuilder text, ReadOnlySpan<char> rest, bool inClass)
    {
        var (ranges, negated) = rest[1] switch
        {
            'd' => ("0-9", false),
            'D' => ("0-9", true),
            'w' => ("0-9A-Za-z_", false),
            'W' => ("0-9A-Za-z_", true),
            's' => (@"\t\n\f\r ", false),
            'S' => (@"\t\n\f\r ", true),
            _ => ("", false),
        };
        if (ranges.Length > 0 && !(inClass && negated))
        {
            _ = inClass ? text.Append(ranges) : text.Append(negated ? "[^" : "[").Append(ranges).Append(']');
            return 1;
        }
        if (rest[1] is 'p' or 'P' && rest.Length > 2 && rest[2] != '{')
        {
            text.Append('\\').Append(rest[1]).Append('{').Append(rest[2]).Append('}');
            return 2;
        }
        if (rest[1] == 'Q')
        {
            var end = rest.IndexOf(@"\E");
            var literal = end < 0 ? rest[2..] : rest[2..end];
            text.Append(Regex.Escape(literal.ToString()));
            return end < 0 ? rest.Length - 1 : end + 1;
        }
        if (rest.StartsWith(@"\x{") && rest.IndexOf('}') is > 3 and var close && close <= 9)
        {
            var code = Convert.ToInt32(rest[3..close].ToString(), 16);
            foreach (var c in char.ConvertFromUtf32(code))
            {
                text.Append($"\\u{(int)c:x4}");
            }
            return close;
        }
        text.Append('\\').Append(rest[1]);
        return 1;
    }

    private static int InClass(StringBuilder text, ReadOnlySpan<char> rest, ref bool inClass)
    {
        if (rest.StartsWith("[:") && rest.IndexOf(":]") is > 0 and var end && Posix(rest[2..end]) is { } ranges)
        {
            text.Append(ranges);
            return end + 1;
        }
        inClass = rest[0] != ']';
        _ = rest[0] == '[' ? text.Append(@"\[") : text.Append(rest[0]);
        return 0;
    }

    private static string? Posix(ReadOnlySpan<char> name) => name switch
    {
        "alpha" => "A-Za-z",
        "digit" => "0-9",
        "alnum" => "0-9A-Za-z",
        "upper" => "A-Z",
        "lower" => "a-z",
        "space" => @"\t\n\v\f\r ",
        "punct" => @"!-/:-@\[-`{-~",
        "xdigit" => "0-9A-Fa-f",
        "word" => "0-9A-Za-z_",
        "blank" => @"\t ",
        "cntrl" => @"\x00-\x1f\x7f",
        "print" => " -~",
        "graph" => "!-~",
        "ascii" => @"\x00-\x7f",
        _ => null,
    };
}
