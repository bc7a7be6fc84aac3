namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Sizes or cost units between a least and a most; arithmetic stops at the largest number instead of overflowing.</summary>
internal readonly record struct Cost(ulong Min, ulong Max)
{
    public static readonly Cost Unknown = new(0, ulong.MaxValue);

    public static Cost Fixed(ulong units) => new(units, units);

    public static Cost operator +(Cost left, Cost right) => new(Sum(left.Min, right.Min), Sum(left.Max, right.Max));

    public static Cost operator *(Cost left, Cost right) => new(Product(left.Min, right.Min), Product(left.Max, right.Max));

    /// <summary>Rounded up.</summary>
    public static Cost operator *(Cost cost, double factor) => new(Scale(cost.Min, factor), Scale(cost.Max, factor));

    public Cost Union(Cost other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    public static ulong Product(ulong left, ulong right) => left != 0 && right > ulong.MaxValue / left ? ulong.MaxValue : left * right;

    public static ulong Sum(ulong left, ulong right) => left > ulong.MaxValue - right ? ulong.MaxValue : left + right;

    private static ulong Scale(ulong value, double factor) => Math.Ceiling(value * factor) is var scaled && scaled >= 18446744073709551615.0 ? ulong.MaxValue : (ulong)scaled;
}
