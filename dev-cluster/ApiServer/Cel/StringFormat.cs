using System.Globalization;
using System.Text;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>The method <c>format</c>: %s %d %f %e %b %o %x %X, with a precision for the reals.</summary>
internal static class StringFormat
{
    public static string Apply(string format, IReadOnlyList<object?> values)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }
            i++;
            if (i < format.Length && format[i] == '%')
            {
                text.Append('%');
                continue;
            }
            var precision = Precision(format, ref i);
            if (next >= values.Count)
            {
                throw new CelException($"index {next} out of range");
            }
            text.Append(i < format.Length ? One(format[i], precision, values[next++]) : throw new CelException("unexpected end of string"));
        }
        return text.ToString();
    }

    private static int Precision(string format, ref int i)
    {
        if (i >= format.Length || format[i] != '.')
        {
            return 6;
        }
        var start = ++i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
        {
            i++;
        }
        return int.TryParse(format.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var precision) && precision <= 100
            ? precision
            : throw new CelException("error while parsing precision");
    }

    private static string One(char verb, int precision, object? value) => (verb, value) switch
    {
        ('s', _) => Any(value),
        ('d', long or ulong) => Any(value),
        ('f', long or ulong or double) => Convert.ToDouble(value, null).ToString("F" + precision, CultureInfo.InvariantCulture),
        ('e', long or ulong or double) => Convert.ToDouble(value, null).ToString($"0.{new string('0', precision)}e+00", CultureInfo.InvariantCulture),
        ('b', bool flag) => flag ? "1" : "0",
        ('b', long number) => Signed(number, 2),
        ('o', long number) => Signed(number, 8),
        ('x', long number) => Signed(number, 16),
        ('X', long number) => Signed(number, 16).ToUpperInvariant(),
        ('x', string content) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(content)),
        ('X', string content) => Convert.ToHexString(Encoding.UTF8.GetBytes(content)),
        ('x', byte[] bytes) => Convert.ToHexStringLower(bytes),
        ('X', byte[] bytes) => Convert.ToHexString(bytes),
        ('s' or 'd' or 'f' or 'e' or 'b' or 'o' or 'x' or 'X', _) => throw new CelException($"no such overload: %{verb} clause"),
        _ => throw new CelException($"could not parse formatting clause: unrecognized formatting clause \"{verb}\""),
    };

    // Magnitude in the base, with a minus sign: not the two's complement.
    private static string Signed(long number, int radix)
    {
        var magnitude = number < 0 ? (ulong)-(Int128)number : (ulong)number;
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, "0123456789abcdef"[(int)(magnitude % (ulong)radix)]);
            magnitude /= (ulong)radix;
        }
        while (magnitude > 0);
        return number < 0 ? "-" + digits : digits.ToString();
    }

    private static string Any(object? value) => value switch
    {
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Any))}]",
        CelMap map => $"{{{string.Join(", ", map.Keys.Select(key => $"{Any(key)}: {(map.TryGet(key, out var item) ? Any(item) : "")}"))}}}",
        _ => ConversionFunctions.Print(value),
    };
}
