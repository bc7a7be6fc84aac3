using System.Globalization;
using System.Numerics;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// A Kubernetes quantity such as "100m", "1.5Gi" or "2e3": an exact number of nano-units and the family of suffixes it was written in.
/// Digits below one nano-unit are rounded up, as Kubernetes does. Written, it is canonical: no fraction, the largest suffix that allows this.
/// </summary>
internal readonly record struct Quantity(BigInteger Nanos, Quantity.SuffixFamily Family) : IComparable<Quantity>
{
    private const int NanoExponent = 9;
    private const int MaxDigits = 64;
    private static readonly BigInteger One = BigInteger.Pow(10, NanoExponent);
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    private static readonly string[] Decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

    public enum SuffixFamily
    {
        Decimal,
        Binary,
        Exponent,
    }

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;

    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;

    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] is '+' or '-')))
        {
            end++;
        }

        if (text.Length > MaxDigits || !TryParseNumber(text.AsSpan(0, end), out var digits, out var fraction))
        {
            return false;
        }

        var suffix = text[end..];
        BigInteger scaled;
        SuffixFamily family;
        if (Array.IndexOf(Binary, suffix) is > 0 and var power)
        {
            (scaled, family) = (digits * One * BigInteger.Pow(1024, power), SuffixFamily.Binary);
        }
        else if (Array.IndexOf(Decimal, suffix) is >= 0 and var thousand)
        {
            (scaled, family) = (digits * BigInteger.Pow(1000, thousand), SuffixFamily.Decimal);
        }
        else if (suffix[0] is 'e' or 'E' && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            && exponent is >= -MaxDigits and <= MaxDigits)
        {
            family = SuffixFamily.Exponent;
            scaled = digits * One;
            fraction -= exponent;
        }
        else
        {
            return false;
        }

        quantity = new Quantity(fraction > 0 ? DivideUp(scaled, BigInteger.Pow(10, fraction)) : scaled * BigInteger.Pow(10, -fraction), family);
        return true;
    }

    public int CompareTo(Quantity other) => Nanos.CompareTo(other.Nanos);

    public override string ToString()
    {
        if (Nanos.IsZero)
        {
            return "0";
        }

        // Below 1024, or with a fraction, binary suffixes would round.
        return Family == SuffixFamily.Binary && BigInteger.Abs(Nanos) >= 1024 * One && (Nanos % One).IsZero
            ? InBinary(Nanos / One)
            : InDecimal(Family == SuffixFamily.Exponent);
    }

    private static string InBinary(BigInteger value)
    {
        var power = 0;
        while (power < Binary.Length - 1 && (value % 1024).IsZero)
        {
            value /= 1024;
            power++;
        }

        return value.ToString(CultureInfo.InvariantCulture) + Binary[power];
    }

    private string InDecimal(bool exponent)
    {
        var value = Nanos;
        var power = 0;
        while (power < Decimal.Length - 1 && (value % 1000).IsZero)
        {
            value /= 1000;
            power++;
        }

        var number = value.ToString(CultureInfo.InvariantCulture);
        var tens = (power * 3) - NanoExponent;
        return !exponent ? number + Decimal[power] : tens == 0 ? number : string.Create(CultureInfo.InvariantCulture, $"{number}e{tens}");
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out BigInteger digits, out int fraction)
    {
        digits = default;
        fraction = 0;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        fraction = point < 0 ? 0 : text.Length - point - 1;
        return whole.AsSpan().IndexOfAnyInRange('0', '9') >= 0
            && BigInteger.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out digits);
    }

    private static BigInteger DivideUp(BigInteger value, BigInteger by)
    {
        var quotient = BigInteger.DivRem(value, by, out var remainder);
        return remainder.IsZero ? quotient : quotient + value.Sign;
    }
}
