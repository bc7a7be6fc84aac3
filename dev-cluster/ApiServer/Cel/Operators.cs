using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Arithmetic, comparison, logic, membership and indexing.</summary>
internal static class Operators
{
    public static IEnumerable<Overload> All =>
    [
        .. Arithmetic(), .. Comparisons(),
        Operator("_+_", Text, Text, Text, (a, b) => (string)a! + (string)b!),
        Operator("_+_", Bytes, Bytes, Bytes, (a, b) => (byte[])[.. (byte[])a!, .. (byte[])b!]),
        Operator("_+_", List(T), List(T), List(T), Concat),
        Operator("_+_", Duration, Duration, Duration, (a, b) => new CelDuration(Checked(() => checked(((CelDuration)a!).Nanoseconds + ((CelDuration)b!).Nanoseconds)))),
        Operator("_+_", Timestamp, Duration, Timestamp, (a, b) => ((CelTimestamp)a!).Add((CelDuration)b!)),
        Operator("_+_", Duration, Timestamp, Timestamp, (a, b) => ((CelTimestamp)b!).Add((CelDuration)a!)),
        Operator("_-_", Duration, Duration, Duration, (a, b) => new CelDuration(Checked(() => checked(((CelDuration)a!).Nanoseconds - ((CelDuration)b!).Nanoseconds)))),
        Operator("_-_", Timestamp, Duration, Timestamp, (a, b) => ((CelTimestamp)a!).Add(new CelDuration(-((CelDuration)b!).Nanoseconds))),
        Operator("_-_", Timestamp, Timestamp, Duration, (a, b) => ((CelTimestamp)a!).Since((CelTimestamp)b!)),
        new("-_", false, [Int], Int, a => Checked(() => checked(-(long)a[0]!))),
        new("-_", false, [Real], Real, a => -(double)a[0]!),
        new("-_", false, [Duration], Duration, a => new CelDuration(-((CelDuration)a[0]!).Nanoseconds)),
        new("!_", false, [Bool], Bool, a => !(bool)a[0]!),
        Operator("_&&_", Bool, Bool, Bool, (a, b) => (bool)a! && (bool)b!),
        Operator("_||_", Bool, Bool, Bool, (a, b) => (bool)a! || (bool)b!),
        new("_?_:_", false, [Bool, T, T], T, a => (bool)a[0]! ? a[1] : a[2]),
        Operator("_==_", T, T, Bool, (a, b) => CelEquality.Same(a, b)),
        Operator("_!=_", T, T, Bool, (a, b) => !CelEquality.Same(a, b)),
        Operator("@in", T, List(T), Bool, (a, b) => ((IReadOnlyList<object?>)b!).Any(item => CelEquality.Same(a, item))),
        Operator("@in", T, Map(T, U), Bool, (a, b) => a is not null && ((CelMap)b!).TryGet(a, out _)),
        Operator("_[_]", List(T), Int, T, (a, b) => Item((IReadOnlyList<object?>)a!, (long)b!)),
        Operator("_[_]", Map(T, U), T, U, (a, b) => Entry((CelMap)a!, b)),
        Operator("_[_]", Optional(List(T)), Int, Optional(T), (a, b) => OptionalItem(a, b)),
        Operator("_[_]", Optional(Map(T, U)), T, Optional(U), (a, b) => OptionalItem(a, b)),
        Operator("_[?_]", List(T), Int, Optional(T), OptionalItem),
        Operator("_[?_]", Map(T, U), T, Optional(U), OptionalItem),
        Operator("_[?_]", Optional(List(T)), Int, Optional(T), OptionalItem),
        Operator("_[?_]", Optional(Map(T, U)), T, Optional(U), OptionalItem),
    ];

    private static IEnumerable<Overload> Arithmetic()
    {
        yield return Operator("_+_", Int, Int, Int, (a, b) => Checked(() => checked((long)a! + (long)b!)));
        yield return Operator("_-_", Int, Int, Int, (a, b) => Checked(() => checked((long)a! - (long)b!)));
        yield return Operator("_*_", Int, Int, Int, (a, b) => Checked(() => checked((long)a! * (long)b!)));
        yield return Operator("_/_", Int, Int, Int, (a, b) => Checked(() => (long)a! / NotZero((long)b!, "division by zero")));
        yield return Operator("_%_", Int, Int, Int, (a, b) => (long)b! == -1 ? 0L : (long)a! % NotZero((long)b, "modulus by zero"));
        yield return Operator("_+_", Uint, Uint, Uint, (a, b) => Checked(() => checked((ulong)a! + (ulong)b!)));
        yield return Operator("_-_", Uint, Uint, Uint, (a, b) => Checked(() => checked((ulong)a! - (ulong)b!)));
        yield return Operator("_*_", Uint, Uint, Uint, (a, b) => Checked(() => checked((ulong)a! * (ulong)b!)));
        yield return Operator("_/_", Uint, Uint, Uint, (a, b) => (ulong)a! / NotZero((ulong)b!, "division by zero"));
        yield return Operator("_%_", Uint, Uint, Uint, (a, b) => (ulong)a! % NotZero((ulong)b!, "modulus by zero"));
        yield return Operator("_+_", Real, Real, Real, (a, b) => (double)a! + (double)b!);
        yield return Operator("_-_", Real, Real, Real, (a, b) => (double)a! - (double)b!);
        yield return Operator("_*_", Real, Real, Real, (a, b) => (double)a! * (double)b!);
        yield return Operator("_/_", Real, Real, Real, (a, b) => (double)a! / (double)b!);
    }

    private static IEnumerable<Overload> Comparisons()
    {
        (string Name, Func<int, bool> Holds)[] comparisons =
            [("_<_", order => order < 0), ("_<=_", order => order <= 0), ("_>_", order => order == 1), ("_>=_", order => order is 0 or 1)];
        CelType[] numbers = [Int, Uint, Real];
        (CelType Left, CelType Right)[] pairs =
        [
            (Bool, Bool), (Text, Text), (Bytes, Bytes), (Duration, Duration), (Timestamp, Timestamp),
            .. numbers.SelectMany(left => numbers.Select(right => (left, right))),
        ];
        foreach (var (name, holds) in comparisons)
        {
            foreach (var (left, right) in pairs)
            {
                yield return Operator(name, left, right, Bool, (a, b) => CelEquality.Compare(a, b) is { } order && order != 2 && holds(Math.Sign(order)));
            }
        }
    }

    private static Overload Operator(string name, CelType left, CelType right, CelType result, Func<object?, object?, object?> invoke) =>
        new(name, false, [left, right], result, values => invoke(values[0], values[1]));

    private static TNumber Checked<TNumber>(Func<TNumber> compute)
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            throw new CelException("integer overflow");
        }
    }

    private static TNumber NotZero<TNumber>(TNumber value, string error)
        where TNumber : System.Numerics.INumber<TNumber> => TNumber.IsZero(value) ? throw new CelException(error) : value;

    private static object Concat(object? left, object? right) => left is JsonList list
        ? list.Concat((IReadOnlyList<object?>)right!)
        : (IReadOnlyList<object?>)[.. (IReadOnlyList<object?>)left!, .. (IReadOnlyList<object?>)right!];

    private static object? Item(IReadOnlyList<object?> list, long index) =>
        index >= 0 && index < list.Count ? list[(int)index] : throw new CelException($"index out of bounds: {index}");

    private static object? Entry(CelMap map, object? key) =>
        key is not null && map.TryGet(key, out var value) ? value : throw new CelException($"no such key: {key}");

    private static CelOptional OptionalItem(object? container, object? key) => container switch
    {
        CelOptional { HasValue: false } none => none,
        CelOptional some => OptionalItem(some.Value, key),
        IReadOnlyList<object?> list when key is long index => index >= 0 && index < list.Count ? CelOptional.Of(list[(int)index]) : CelOptional.None,
        CelMap map when key is not null => map.TryGet(key, out var value) ? CelOptional.Of(value) : CelOptional.None,
        _ => throw new CelException("no such overload"),
    };
}
