using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Methods of lists: order, extremes, sums and positions.</summary>
internal static class ListFunctions
{
    private static readonly CelType[] Comparable = [Int, Uint, Real, Bool, Duration, Timestamp, Text, Bytes];

    public static IEnumerable<Overload> All =>
    [
        .. Comparable.Select(item => Method("isSorted", item, Bool, IsSorted)),
        .. Comparable.Select(item => Method("min", item, item, list => Extreme(list, -1, "min"))),
        .. Comparable.Select(item => Method("max", item, item, list => Extreme(list, 1, "max"))),
        Method("sum", Int, Int, list => Sum(list, 0L)), Method("sum", Uint, Uint, list => Sum(list, 0UL)),
        Method("sum", Real, Real, list => Sum(list, 0.0)), Method("sum", Duration, Duration, list => Sum(list, new CelDuration(0))),
        new("indexOf", true, [List(T), T], Int, a => (long)Items(a).ToList().FindIndex(item => CelEquality.Same(item, a[1]))),
        new("lastIndexOf", true, [List(T), T], Int, a => (long)Items(a).ToList().FindLastIndex(item => CelEquality.Same(item, a[1]))),
    ];

    private static IReadOnlyList<object?> Items(object?[] values) => (IReadOnlyList<object?>)values[0]!;

    private static object IsSorted(IReadOnlyList<object?> list) => !list.Zip(list.Skip(1)).Any(pair => Order(pair.First, pair.Second) > 0);

    private static object? Extreme(IReadOnlyList<object?> list, int sign, string name) => list.Count == 0
        ? throw new CelException($"{name} called on empty list")
        : list.Aggregate((best, item) => Math.Sign(Order(item, best)) == sign ? item : best);

    private static object? Sum(IReadOnlyList<object?> list, object zero)
    {
        var add = FunctionTable.Find("_+_");
        return list.Aggregate((object?)zero, (sum, item) => Add(add, sum, item));
    }

    private static object? Add(IReadOnlyList<Overload> overloads, object? sum, object? item)
    {
        object?[] values = [sum, item];
        return overloads.FirstOrDefault(overload => overload.Accepts(values)) is { } fitting
            ? fitting.Invoke(values)
            : throw new CelException("no such overload");
    }

    private static int Order(object? left, object? right) => CelEquality.Compare(left, right) ?? throw new CelException("no such overload");

    private static Overload Method(string name, CelType item, CelType result, Func<IReadOnlyList<object?>, object?> invoke) =>
        new(name, true, [List(item)], result, values => invoke(Items(values)));
}
