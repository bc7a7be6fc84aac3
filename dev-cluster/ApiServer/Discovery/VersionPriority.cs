using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>
/// Orders API versions as Kubernetes does for custom resources: stable before beta before alpha, higher numbers first, other names last in
/// alphabetical order. The first is the preferred one.
/// </summary>
internal sealed partial class VersionPriority : IComparer<string>
{
    public static VersionPriority Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        (int Level, int Major, int Minor) left = Rank(x ?? "");
        (int Level, int Major, int Minor) right = Rank(y ?? "");
        int byRank = right.CompareTo(left);
        return byRank != 0 ? byRank : string.CompareOrdinal(x, y);
    }

    private static (int Level, int Major, int Minor) Rank(string version)
    {
        Match match = Pattern().Match(version);
        if (!match.Success)
        {
            return (0, 0, 0);
        }

        int level = match.Groups["level"].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (level, Number(match.Groups["major"]), Number(match.Groups["minor"]));
    }

    private static int Number(Group group) =>
        int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    [GeneratedRegex("^v(?<major>[0-9]+)((?<level>alpha|beta)(?<minor>[0-9]+))?$")]
    private static partial Regex Pattern();
}
