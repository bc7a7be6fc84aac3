using System.Numerics;

namespace Slipway.ModelServer.Repository;

/// <summary>Orders version names: whole numbers by value, then dotted numbers part by part, then the rest by their bytes.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parts(x ?? ""), Parts(y ?? ""));
        var byRank = Rank(left).CompareTo(Rank(right));
        if (byRank != 0)
        {
            return byRank;
        }

        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            var byPart = left[i].CompareTo(right[i]);
            if (byPart != 0)
            {
                return byPart;
            }
        }

        var byLength = left.Count.CompareTo(right.Count);
        return byLength != 0 ? byLength : string.CompareOrdinal(x, y);
    }

    // A name before the release ("2.0.0-rc1") sorts as text with the rest; only plain numbers have an order that everybody shares.
    private static List<BigInteger> Parts(string version)
    {
        var parts = version.Split('.');
        return parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit)) ? [.. parts.Select(BigInteger.Parse)] : [];
    }

    private static int Rank(List<BigInteger> parts) => parts.Count switch { 0 => 0, 1 => 1, _ => 2 };
}
