namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>
/// One signature of a function, method or operator. A method's target is its first parameter. <paramref name="Invoke"/> gets values that fit the
/// parameters and throws <see cref="CelException"/> for what cannot be computed.
/// </summary>
internal sealed record Overload(
    string Function, bool Member, IReadOnlyList<CelType> Parameters, CelType Result, Func<object?[], object?> Invoke)
{
    /// <summary>True when every value is of its parameter's kind.</summary>
    public bool Accepts(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!Fits(Parameters[i].Kind, values[i]))
            {
                return false;
            }
        }
        return values.Length == Parameters.Count;
    }

    private static bool Fits(CelKind kind, object? value) => kind switch
    {
        CelKind.Dyn or CelKind.Parameter => true,
        CelKind.Null => value is null,
        CelKind.Bool => value is bool,
        CelKind.Int => value is long,
        CelKind.Uint => value is ulong,
        CelKind.Double => value is double,
        CelKind.String => value is string,
        CelKind.Bytes => value is byte[],
        CelKind.Duration => value is CelDuration,
        CelKind.Timestamp => value is CelTimestamp,
        CelKind.List => value is IReadOnlyList<object?>,
        CelKind.Map or CelKind.Object => value is CelMap,
        CelKind.Optional => value is CelOptional,
        CelKind.Quantity => value is Quantity,
        CelKind.Url => value is Uri,
        CelKind.Type => value is CelType,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such type"),
    };
}
