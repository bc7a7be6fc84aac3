using System.Text.RegularExpressions;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>Masks the parts of strings that no two runs of a server have in common.</summary>
internal static partial class VolatileText
{
    public static string Mask(string text, bool controllers)
    {
        text = Uid().Replace(text, "<uid>");
        text = TokenVolume().Replace(text, "kube-api-access-<5>");
        text = SchemaHash().Replace(text, "hash=<hash>");
        text = TooOld().Replace(text, "too old resource version: <n> (<n>)");
        text = TooLarge().Replace(text, "Too large resource version: <n>, current: <n>");
        text = Precondition().Replace(text, "$1(<n>)");
        return controllers ? PodAddress().Replace(TemplateHash().Replace(text, "-<hash>"), "<address>") : text;
    }

    /// <summary>The characters a server ends a name with when <c>generateName</c> was given.</summary>
    public static bool IsGeneratedSuffix(string text) => GeneratedSuffix().IsMatch(text);

    /// <summary>A Table's age: <c>5s</c>, <c>3m20s</c>, <c>2d</c>.</summary>
    public static bool IsAge(string text) => Age().IsMatch(text);

    public static bool IsTime(string text) => Time().IsMatch(text);

    public static bool IsAddress(string text) => Address().IsMatch(text);

    public static bool IsTemplateHash(string text) => BareTemplateHash().IsMatch(text);

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}")]
    private static partial Regex TokenVolume();

    [GeneratedRegex("hash=[0-9A-Fa-f]+")]
    private static partial Regex SchemaHash();

    [GeneratedRegex(@"too old resource version: \d+ \(\d+\)")]
    private static partial Regex TooOld();

    [GeneratedRegex(@"Too large resource version: \d+, current: \d+")]
    private static partial Regex TooLarge();

    [GeneratedRegex(@"(ResourceVersion in (?:the precondition|record):? ?)\(?\d+\)?")]
    private static partial Regex Precondition();

    [GeneratedRegex("-[bcdfghjklmnpqrstvwxz2456789]{6,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})?(?![a-z0-9])")]
    private static partial Regex TemplateHash();

    [GeneratedRegex(@"\b(10|127)(\.\d{1,3}){3}\b")]
    private static partial Regex PodAddress();

    [GeneratedRegex("^[bcdfghjklmnpqrstvwxz2456789]{6,10}$")]
    private static partial Regex BareTemplateHash();

    [GeneratedRegex("^[bcdfghjklmnpqrstvwxz2456789]{5}$")]
    private static partial Regex GeneratedSuffix();

    [GeneratedRegex(@"^(\d+[ydhms])+$")]
    private static partial Regex Age();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^\d+\.\d+\.\d+\.\d+$")]
    private static partial Regex Address();
}
