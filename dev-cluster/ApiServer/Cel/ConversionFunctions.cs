using System.Globalization;
using System.Text;
using Slipway.DevCluster.ApiServer.CustomResources;
using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Conversions between types, <c>size()</c>, <c>type()</c> and <c>dyn()</c>.</summary>
internal static class ConversionFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Convert("int", Int, Int, a => a), Convert("int", Uint, Int, a => Range(() => checked((long)(ulong)a!))),
        Convert("int", Real, Int, a => Range(() => checked((long)(double)a!))),
        Convert("int", Text, Int, a => long.TryParse((string)a!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value : throw new CelException($"strconv.ParseInt: parsing {GoText.Quote((string)a!)}: invalid syntax")),
        Convert("int", Timestamp, Int, a => ((CelTimestamp)a!).Second.ToUnixTimeSeconds()),
        Convert("int", Duration, Int, a => ((CelDuration)a!).Nanoseconds),
        Convert("uint", Uint, Uint, a => a), Convert("uint", Int, Uint, a => Range(() => checked((ulong)(long)a!))),
        Convert("uint", Real, Uint, a => Range(() => checked((ulong)(double)a!))),
        Convert("uint", Text, Uint, a => ulong.TryParse((string)a!, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value : throw new CelException($"strconv.ParseUint: parsing {GoText.Quote((string)a!)}: invalid syntax")),
        Convert("double", Real, Real, a => a), Convert("double", Int, Real, a => (double)(long)a!),
        Convert("double", Uint, Real, a => (double)(ulong)a!),
        Convert("double", Text, Real, a => double.TryParse((string)a!, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value : throw new CelException($"strconv.ParseFloat: parsing {GoText.Quote((string)a!)}: invalid syntax")),
        Convert("bool", Bool, Bool, a => a),
        Convert("bool", Text, Bool, a => (string)a! switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
            var text => throw new CelException($"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax"),
        }),
        .. new[] { Text, Int, Uint, Real, Bool, Duration, Timestamp, Bytes, Url }.Select(from => Convert("string", from, Text, Print)),
        Convert("bytes", Bytes, Bytes, a => a), Convert("bytes", Text, Bytes, a => Encoding.UTF8.GetBytes((string)a!)),
        Convert("dyn", T, Dyn, a => a),
        Convert("type", T, TypeType, TypeOf),
        .. new[] { Text, Bytes, List(T), Map(T, U) }.SelectMany(of => new[] { Convert("size", of, Int, Size), new Overload("size", true, [of], Int, a => Size(a[0])) }),
    ];

    /// <summary>Characters of a string, bytes, items or entries.</summary>
    public static object Size(object? value) => value switch
    {
        string text => text.EnumerateRunes().LongCount(),
        byte[] bytes => bytes.LongLength,
        IReadOnlyList<object?> list => (long)list.Count,
        CelMap map => (long)map.Count,
        _ => throw new CelException("no such overload"),
    };

    /// <summary>What <c>string()</c> makes of a value.</summary>
    public static string Print(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        double real => GoText.Number(real),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        null => "null",
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static CelType TypeOf(object? value) => value switch
    {
        null => Null,
        bool => Bool,
        long => Int,
        ulong => Uint,
        double => Real,
        string => Text,
        byte[] => Bytes,
        CelDuration => Duration,
        CelTimestamp => Timestamp,
        IReadOnlyList<object?> => List(Dyn),
        CelMap => Map(Dyn, Dyn),
        CelOptional => Optional(Dyn),
        Cel.Quantity => CelType.Quantity,
        Uri => Url,
        _ => TypeType,
    };

    private static TNumber Range<TNumber>(Func<TNumber> convert)
    {
        try
        {
            return convert();
        }
        catch (OverflowException)
        {
            throw new CelException("integer overflow");
        }
    }

    private static Overload Convert(string name, CelType from, CelType to, Func<object?, object?> convert) =>
        new(name, false, [from], to, values => convert(values[0]));
}
