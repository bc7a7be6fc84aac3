using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Slipway.DevCluster.ApiServer.CustomResources;
using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Methods of strings. Indexes count characters, not UTF-16 units.</summary>
internal static class StringFunctions
{
    private const int KeptPatterns = 256;

    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static IEnumerable<Overload> All =>
    [
        Method("startsWith", Bool, a => Of(a).StartsWith((string)a[1]!, StringComparison.Ordinal), Text),
        Method("endsWith", Bool, a => Of(a).EndsWith((string)a[1]!, StringComparison.Ordinal), Text),
        Method("contains", Bool, a => Of(a).Contains((string)a[1]!, StringComparison.Ordinal), Text),
        Method("matches", Bool, a => Pattern((string)a[1]!).IsMatch(Of(a)), Text),
        new("matches", false, [Text, Text], Bool, a => Pattern((string)a[1]!).IsMatch(Of(a))),
        Method("find", Text, a => Pattern((string)a[1]!).Match(Of(a)).Value, Text),
        Method("findAll", List(Text), a => Found(Pattern((string)a[1]!), Of(a), -1), Text),
        Method("findAll", List(Text), a => Found(Pattern((string)a[1]!), Of(a), (long)a[2]!), Text, Int),
        Method("lowerAscii", Text, a => Map(Of(a), char.ToLowerInvariant)),
        Method("upperAscii", Text, a => Map(Of(a), char.ToUpperInvariant)),
        Method("trim", Text, a => Of(a).Trim()),
        Method("reverse", Text, a => string.Concat(Of(a).EnumerateRunes().Reverse().Select(rune => rune.ToString()))),
        Method("charAt", Text, a => At(Of(a), (long)a[1]!), Int),
        Method("indexOf", Int, a => IndexOf(Of(a), (string)a[1]!, 0), Text),
        Method("indexOf", Int, a => IndexOf(Of(a), (string)a[1]!, (long)a[2]!), Text, Int),
        Method("lastIndexOf", Int, a => LastIndexOf(Of(a), (string)a[1]!, long.MaxValue), Text),
        Method("lastIndexOf", Int, a => LastIndexOf(Of(a), (string)a[1]!, (long)a[2]!), Text, Int),
        Method("substring", Text, a => Substring(Of(a), (long)a[1]!, Length(Of(a))), Int),
        Method("substring", Text, a => Substring(Of(a), (long)a[1]!, (long)a[2]!), Int, Int),
        Method("replace", Text, a => Replace(Of(a), (string)a[1]!, (string)a[2]!, -1), Text, Text),
        Method("replace", Text, a => Replace(Of(a), (string)a[1]!, (string)a[2]!, (long)a[3]!), Text, Text, Int),
        Method("split", List(Text), a => Split(Of(a), (string)a[1]!, -1), Text),
        Method("split", List(Text), a => Split(Of(a), (string)a[1]!, (long)a[2]!), Text, Int),
        new("join", true, [List(Text)], Text, a => Join(a[0], "")),
        new("join", true, [List(Text), Text], Text, a => Join(a[0], (string)a[1]!)),
        Method("format", Text, a => StringFormat.Apply(Of(a), (IReadOnlyList<object?>)a[1]!), List(Dyn)),
    ];

    /// <summary>Compiled once; the most recent few are kept.</summary>
    public static Regex Pattern(string pattern)
    {
        if (Patterns.TryGetValue(pattern, out var known))
        {
            return known;
        }
        if (!Re2.TryCompile(pattern, out var regex, out var error))
        {
            throw new CelException(error);
        }
        if (Patterns.Count >= KeptPatterns)
        {
            Patterns.Clear();
        }
        return Patterns[pattern] = regex;
    }

    private static string Of(object?[] values) => (string)values[0]!;

    private static long Length(string text) => text.EnumerateRunes().LongCount();

    private static string Map(string text, Func<char, char> map) => string.Concat(text.Select(c => char.IsAscii(c) ? map(c) : c));

    private static IReadOnlyList<object?> Found(Regex pattern, string text, long most) =>
        [.. pattern.Matches(text).Take(most < 0 ? int.MaxValue : (int)Math.Min(most, int.MaxValue)).Select(match => match.Value)];

    // The UTF-16 offset of a character; -1 when there is none.
    private static int Offset(string text, long index)
    {
        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (index-- == 0)
            {
                return offset;
            }
            offset += rune.Utf16SequenceLength;
        }
        return index == 0 ? offset : -1;
    }

    private static string At(string text, long index)
    {
        var offset = index < 0 ? -1 : Offset(text, index);
        return offset < 0
            ? throw new CelException($"index out of range: {index}")
            : offset == text.Length ? "" : System.Text.Rune.GetRuneAt(text, offset).ToString();
    }

    private static long IndexOf(string text, string part, long from)
    {
        var offset = from < 0 ? -1 : Offset(text, from);
        if (offset < 0)
        {
            throw new CelException($"index out of range: {from}");
        }
        var found = text.IndexOf(part, offset, StringComparison.Ordinal);
        return found < 0 ? -1 : Length(text[..found]);
    }

    private static long LastIndexOf(string text, string part, long from)
    {
        var offset = from == long.MaxValue ? text.Length : from < 0 ? -1 : Offset(text, from);
        if (offset < 0)
        {
            throw new CelException($"index out of range: {from}");
        }
        for (var i = Math.Min(offset, text.Length - part.Length); i >= 0; i--)
        {
            if (string.CompareOrdinal(text, i, part, 0, part.Length) == 0)
            {
                return Length(text[..i]);
            }
        }
        return -1;
    }

    private static string Substring(string text, long start, long end)
    {
        var from = start < 0 ? -1 : Offset(text, start);
        var to = end < 0 ? -1 : Offset(text, end);
        return from < 0 || to < 0
            ? throw new CelException($"index out of range: {(from < 0 ? start : end)}")
            : from <= to ? text[from..to] : throw new CelException($"invalid substring range. start: {start}, end: {end}");
    }

    private static string Replace(string text, string old, string replacement, long most)
    {
        if (most < 0 && old.Length > 0)
        {
            return text.Replace(old, replacement, StringComparison.Ordinal);
        }
        var result = new System.Text.StringBuilder();
        var at = 0;
        for (var done = 0L; most < 0 || done < most; done++)
        {
            // An empty text to replace stands before every character and at the end.
            var found = at > text.Length ? -1 : text.IndexOf(old, at, StringComparison.Ordinal);
            if (found < 0)
            {
                break;
            }
            result.Append(text, at, found - at).Append(replacement);
            at = found + old.Length;
            if (old.Length == 0)
            {
                result.Append(text, found, Math.Min(1, text.Length - found));
                at++;
            }
        }
        return at < text.Length ? result.Append(text, at, text.Length - at).ToString() : result.ToString();
    }

    private static IReadOnlyList<object?> Split(string text, string separator, long most)
    {
        if (most is 0 or 1)
        {
            return most == 0 ? [] : [text];
        }
        var limit = most < 0 ? int.MaxValue : (int)Math.Min(most, int.MaxValue);
        return separator.Length > 0
            ? [.. text.Split(separator, limit, StringSplitOptions.None)]
            : [.. text.EnumerateRunes().Take(limit - 1).Select(rune => rune.ToString()), .. Rest(text, limit - 1)];
    }

    private static string[] Rest(string text, int from) =>
        from < Length(text) ? [text[Offset(text, from)..]] : [];

    private static string Join(object? list, string separator) => string.Join(
        separator, ((IReadOnlyList<object?>)list!).Select(item => item as string ?? throw new CelException("no such overload")));

    private static Overload Method(string name, CelType result, Func<object?[], object?> invoke, params CelType[] parameters) =>
        new(name, true, [Text, .. parameters], result, invoke);
}
