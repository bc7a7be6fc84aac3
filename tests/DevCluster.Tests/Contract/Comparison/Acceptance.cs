using System.Text.RegularExpressions;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>Weighs the differences that were found against those that the list accepts.</summary>
internal static class Acceptance
{
    /// <summary>Differences that no entry covers.</summary>
    public static IReadOnlyList<Difference> Unexpected(IEnumerable<Difference> found, IReadOnlyList<AcceptedDifference> accepted) =>
        [.. found.Where(difference => !accepted.Any(entry => Covers(entry, difference)))];

    /// <summary>What entries cover and no longer happens, one line each: step and path.</summary>
    public static IReadOnlyList<string> Stale(IReadOnlyList<Difference> found, IReadOnlyList<AcceptedDifference> accepted) =>
        [.. from entry in accepted
            where !entry.Varies
            from step in entry.Steps
            from path in entry.Paths.DefaultIfEmpty("")
            where !found.Any(difference => difference.Step == step && IsUnder(path, difference.Path))
            select $"step {step}  {(path.Length == 0 ? "(whole step)" : path)}"];

    /// <summary>True when nothing in a step can be unexpected, so that no particular answer of it is worth waiting for.</summary>
    public static bool CoversAll(int step, IReadOnlyList<AcceptedDifference> accepted) =>
        accepted.Any(entry => entry.Paths.Count == 0 && entry.Steps.Contains(step));

    private static bool Covers(AcceptedDifference entry, Difference difference) =>
        entry.Steps.Contains(difference.Step) && entry.Paths.DefaultIfEmpty("").Any(path => IsUnder(path, difference.Path));

    /// <summary>A path covers itself and what is under it; <c>[*]</c> in it stands for every item of a list.</summary>
    private static bool IsUnder(string path, string found)
    {
        if (path.Length == 0)
        {
            return true;
        }

        string pattern = Regex.Escape(path).Replace(@"\[\*]", @"\[[^\]]*\]", StringComparison.Ordinal);
        return Regex.IsMatch(found, $@"^{pattern}(?=$|[.\[])");
    }
}
