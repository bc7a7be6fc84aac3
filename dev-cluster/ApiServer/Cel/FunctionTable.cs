using System.Collections.Frozen;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Every function, method and operator that a rule may use.</summary>
internal static class FunctionTable
{
    /// <summary>What Kubernetes has and this server has not; a rule that uses one is refused with 501.</summary>
    public static readonly FrozenSet<string> Unsupported = new[]
    {
        "ip", "cidr", "isCIDR", "semver", "isSemver", "authorizer", "format.named", "quote", "sets.contains", "sets.equivalent", "sets.intersects",
        "math.greatest", "math.least", "jsonpatch.escapeKey",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Overload[]> ByName = new[]
        {
            Operators.All, ConversionFunctions.All, StringFunctions.All, ListFunctions.All, TimeFunctions.All, QuantityFunctions.All, UrlFunctions.All,
            OptionalFunctions.All,
        }
        .SelectMany(overloads => overloads)
        .GroupBy(overload => overload.Function, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>Empty when there is no such function.</summary>
    public static IReadOnlyList<Overload> Find(string function) => ByName.GetValueOrDefault(function, []);
}
