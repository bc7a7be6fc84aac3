using System.Buffers;
using System.Globalization;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>A Kubernetes quantity as a number: <c>100m</c> is 0.1. At most 28 digits.</summary>
internal readonly record struct Quantity(decimal Number) : IComparable<Quantity>
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly Dictionary<string, decimal> Suffixes = new(StringComparer.Ordinal)
    {
        ["n"] = 1e-9m,
        ["u"] = 1e-6m,
        ["m"] = 1e-3m,
        [""] = 1m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["P"] = 1e15m,
        ["E"] = 1e18m,
        ["Ki"] = 1L << 10,
        ["Mi"] = 1L << 20,
        ["Gi"] = 1L << 30,
        ["Ti"] = 1L << 40,
        ["Pi"] = 1L << 50,
        ["Ei"] = 1L << 60,
    };

    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        var end = text.AsSpan().LastIndexOfAny(Digits) + 1;
        var (number, suffix) = (text[..end], text[end..]);
        // "1e3" and "1E-3": the last digit belongs to the exponent.
        var style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | (suffix.Length == 0 ? NumberStyles.AllowExponent : 0);
        try
        {
            if (end == 0 || !Suffixes.TryGetValue(suffix, out var scale) || !decimal.TryParse(number, style, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }
            quantity = new Quantity(value * scale);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    public bool IsInteger => decimal.Truncate(Number) == Number && Number is >= long.MinValue and <= long.MaxValue;

    public int CompareTo(Quantity other) => Number.CompareTo(other.Number);
}
