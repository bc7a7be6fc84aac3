using System.Text.RegularExpressions;
using Slipway.DevCluster.Tests.Contract.Comparison;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>What kubectl or helm printed, as lines without what no two runs have in common: ages, times, versions, hashes, addresses, and how wide columns are.</summary>
internal static partial class SessionText
{
    /// <summary>Neighbouring lines with a hash are in the order of that hash, so they are sorted here by what is left of them.</summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        List<string> lines = [];
        List<string> hashed = [];
        foreach (string line in text.Split('\n').Select(Mask))
        {
            if (line.Contains("-<hash>", StringComparison.Ordinal))
            {
                hashed.Add(line);
                continue;
            }

            lines.AddRange(hashed.Order(StringComparer.Ordinal));
            hashed.Clear();
            lines.Add(line);
        }

        return [.. lines, .. hashed.Order(StringComparer.Ordinal)];
    }

    private static string Mask(string line)
    {
        // First: the number in a folder's name may look like a hash.
        line = Directory().Replace(line, "$1/");
        line = VolatileText.Mask(line, controllers: true);
        line = Time().Replace(line, "<time>");
        line = Version().Replace(line, "$1<n>");
        line = Age().Replace(line, "<age>");
        return Padding().Replace(line.TrimEnd(), "  ");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| [+-]\d{4})|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}|\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}")]
    private static partial Regex Time();

    /// <summary>Where <c>kubectl diff</c> keeps the two sides.</summary>
    [GeneratedRegex(@"\S*\b(LIVE|MERGED)(-\d+)?/")]
    private static partial Regex Directory();

    [GeneratedRegex("((resourceVersion|Resource Version): +)\"?\\d+\"?")]
    private static partial Regex Version();

    [GeneratedRegex(@"(?<![\w.:-])(\d+[dhms])+(?![\w.:-])")]
    private static partial Regex Age();

    [GeneratedRegex("(?<=\\S) {2,}")]
    private static partial Regex Padding();
}
