using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Optional values: making one, asking whether it is there, and what to use if not.</summary>
internal static class OptionalFunctions
{
    public static IEnumerable<Overload> All =>
    [
        new("optional.of", false, [T], Optional(T), a => CelOptional.Of(a[0])),
        new("optional.ofNonZeroValue", false, [T], Optional(T), a => IsZero(a[0]) ? CelOptional.None : CelOptional.Of(a[0])),
        new("optional.none", false, [], Optional(Dyn), _ => CelOptional.None),
        new("hasValue", true, [Optional(T)], Bool, a => Of(a).HasValue),
        new("value", true, [Optional(T)], T, a => Of(a).HasValue ? Of(a).Value : throw new CelException("optional.none() dereference")),
        new("orValue", true, [Optional(T), T], T, a => Of(a).HasValue ? Of(a).Value : a[1]),
        new("or", true, [Optional(T), Optional(T)], Optional(T), a => Of(a).HasValue ? a[0] : a[1]),
    ];

    private static CelOptional Of(object?[] values) => (CelOptional)values[0]!;

    private static bool IsZero(object? value) => value switch
    {
        null or false or 0L or 0UL or 0.0 or "" => true,
        CelDuration duration => duration.Nanoseconds == 0,
        byte[] bytes => bytes.Length == 0,
        IReadOnlyList<object?> list => list.Count == 0,
        CelMap map => map.Count == 0,
        CelOptional optional => !optional.HasValue,
        _ => false,
    };
}
