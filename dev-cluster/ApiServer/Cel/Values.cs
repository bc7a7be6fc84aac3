namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>A map, or an object seen as a map of its fields.</summary>
internal abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<object> Keys { get; }

    public abstract bool TryGet(object key, out object? value);
}

/// <summary>A map that an expression made; entries in the order in which they were written.</summary>
internal sealed class CelDictionary(IReadOnlyList<KeyValuePair<object, object?>> entries) : CelMap
{
    public override int Count => entries.Count;

    public override IEnumerable<object> Keys => entries.Select(entry => entry.Key);

    public override bool TryGet(object key, out object? value)
    {
        foreach (var entry in entries)
        {
            if (CelEquality.Same(entry.Key, key))
            {
                value = entry.Value;
                return true;
            }
        }
        value = null;
        return false;
    }
}

/// <summary>A value or its absence.</summary>
internal sealed record CelOptional(bool HasValue, object? Value)
{
    public static readonly CelOptional None = new(false, null);

    public static CelOptional Of(object? value) => new(true, value);
}

internal readonly record struct CelDuration(long Nanoseconds) : IComparable<CelDuration>
{
    public int CompareTo(CelDuration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>As seconds: <c>90.5s</c>.</summary>
    public override string ToString() => CustomResources.GoText.Number(Nanoseconds / 1e9) + "s";
}

/// <summary>A time to the nanosecond; <paramref name="Nanoseconds"/> is within the second.</summary>
internal readonly record struct CelTimestamp(DateTimeOffset Second, int Nanoseconds) : IComparable<CelTimestamp>
{
    public int CompareTo(CelTimestamp other) =>
        Second.CompareTo(other.Second) is var order and not 0 ? order : Nanoseconds.CompareTo(other.Nanoseconds);

    public CelTimestamp Add(CelDuration duration)
    {
        var nanoseconds = Nanoseconds + (Int128)duration.Nanoseconds;
        var seconds = Int128.DivRem(nanoseconds, 1_000_000_000).Quotient;
        var rest = (int)(nanoseconds - (seconds * 1_000_000_000));
        if (rest < 0)
        {
            rest += 1_000_000_000;
            seconds--;
        }
        try
        {
            return new CelTimestamp(Second.AddSeconds((double)seconds), rest);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new CelException("timestamp overflow");
        }
    }

    public CelDuration Since(CelTimestamp earlier) =>
        new(((Second - earlier.Second).Ticks * 100) + Nanoseconds - earlier.Nanoseconds);

    public override string ToString()
    {
        var text = Second.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        return Nanoseconds == 0 ? text + "Z" : $"{text}.{Nanoseconds:d9}".TrimEnd('0') + "Z";
    }
}

/// <summary>Equality as CEL has it: numbers by value whatever their type, containers by content, unlike kinds unequal.</summary>
internal static class CelEquality
{
    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (long or ulong or double, long or ulong or double) => CompareNumbers(left, right) == 0,
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (JsonList { IsSet: true } a, IReadOnlyList<object?> b) => SameUnordered(a, b),
        (IReadOnlyList<object?> a, JsonList { IsSet: true } b) => SameUnordered(a, b),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && Enumerable.Range(0, a.Count).All(i => Same(a[i], b[i])),
        (CelMap a, CelMap b) => a.Count == b.Count && a.Keys.All(key => b.TryGet(key, out var other) && a.TryGet(key, out var own) && Same(own, other)),
        (CelType a, CelType b) => a.Kind == b.Kind,
        (CelOptional a, CelOptional b) => a.HasValue == b.HasValue && Same(a.Value, b.Value),
        _ => left.Equals(right),
    };

    /// <summary>NaN compares as unequal: 2.</summary>
    public static int CompareNumbers(object left, object right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (ulong a, ulong b) => a.CompareTo(b),
        (long a, ulong b) => a < 0 ? -1 : ((ulong)a).CompareTo(b),
        (ulong a, long b) => b < 0 ? 1 : a.CompareTo((ulong)b),
        _ => CompareDoubles(Convert.ToDouble(left, null), Convert.ToDouble(right, null)),
    };

    private static int CompareDoubles(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? 2 : left.CompareTo(right);

    private static bool SameUnordered(IReadOnlyList<object?> left, IReadOnlyList<object?> right) =>
        left.Count == right.Count && left.All(item => right.Any(other => Same(item, other)));

    /// <summary>The order of two values of one comparable kind; null when they have none.</summary>
    public static int? Compare(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (CelDuration a, CelDuration b) => a.CompareTo(b),
        (CelTimestamp a, CelTimestamp b) => a.CompareTo(b),
        (long or ulong or double, long or ulong or double) => CompareNumbers(left, right),
        _ => null,
    };
}
