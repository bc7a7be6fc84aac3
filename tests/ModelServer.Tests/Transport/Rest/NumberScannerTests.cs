using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

internal sealed class NumberScannerTests
{
    // Any decimal that JSON allows: up to 25 digits before and after the point, exponents beyond both ends of the range.
    private static readonly Gen<string> Decimals =
        from negative in Gen.Elements("", "-")
        from whole in Digits(0, 25)
        from fraction in Digits(0, 25)
        from exponent in Gen.Frequency((2, Gen.Constant("")), (3, Gen.Choose(-400, 400).Select(e => $"e{e}")), (2, Gen.Choose(-50, 40).Select(e => $"E{e:+0;-0}")))
        select negative + (whole.TrimStart('0') is { Length: > 0 } kept ? kept : "0") + (fraction.Length > 0 ? $".{fraction}" : "") + exponent;

    private static readonly Gen<string> Singles = Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle)
        .Where(float.IsFinite).Select(value => value.ToString("R", CultureInfo.InvariantCulture));

    // Exactly between two floats, and next to it: where rounding is decided by the last digit.
    private static readonly Gen<string> Midpoints = Gen.Choose(0x00800000, 0x7f000000).Select(bits =>
        (((double)BitConverter.Int32BitsToSingle(bits) + BitConverter.Int32BitsToSingle(bits + 1)) / 2).ToString("E60", CultureInfo.InvariantCulture));

    // Mantissas of nineteen digits and more, around the powers of ten at which the fast paths end.
    private static readonly Gen<string> LongMantissas =
        from digits in Digits(17, 40)
        from exponent in Gen.Choose(-70, 45)
        select $"{(digits.TrimStart('0') is { Length: > 0 } kept ? kept : "1")}e{exponent - digits.Length}";

    // The smallest floats, and the midpoints between them.
    private static readonly Gen<string> Subnormals = Gen.Choose(0, 0x007fffff).Select(bits =>
        (((double)BitConverter.Int32BitsToSingle(bits) + BitConverter.Int32BitsToSingle(bits + 1)) / 2).ToString("E120", CultureInfo.InvariantCulture));

    private static readonly Gen<string> DoubleBits = Gen.Choose(int.MinValue, int.MaxValue).Two()
        .Select(halves => BitConverter.Int64BitsToDouble(((long)halves.Item1 << 32) | (uint)halves.Item2))
        .Where(double.IsFinite).Select(value => value.ToString("R", CultureInfo.InvariantCulture));

    // Exactly between a double and the next one takes up to 54 bits, which the framework's decimal printing gives in full.
    private static readonly Gen<string> DoubleMidpoints =
        from mantissa in Gen.Choose(1, int.MaxValue)
        from exponent in Gen.Choose(-60, 60)
        let odd = (((System.Numerics.BigInteger)1 << 53) + ((System.Numerics.BigInteger)mantissa << 21) + 1) * System.Numerics.BigInteger.Pow(5, Math.Max(0, -exponent))
        select exponent >= 0 ? (odd << exponent).ToString(CultureInfo.InvariantCulture) : $"{odd}e{exponent}";

    [Test]
    public void A_float_is_read_as_the_framework_reads_it_to_the_last_bit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(Gen.OneOf(Decimals, Singles, Midpoints, LongMantissas, Subnormals, DoubleBits).ToArbitrary(), text =>
        {
            var length = NumberScanner.ScanSingle(Encoding.ASCII.GetBytes(text), out var value);
            var expected = float.Parse(text, CultureInfo.InvariantCulture);
            return length == text.Length && BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(expected);
        }));

    [Test]
    public void A_double_is_read_as_the_framework_reads_it_to_the_last_bit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(Gen.OneOf(Decimals, Singles, LongMantissas, DoubleBits, DoubleMidpoints).ToArbitrary(), text =>
        {
            var length = NumberScanner.ScanDouble(Encoding.ASCII.GetBytes(text), out var value);
            var expected = double.Parse(text, CultureInfo.InvariantCulture);
            return length == text.Length && BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(expected);
        }));

    [TestCase("")]
    [TestCase("-")]
    [TestCase("01")]
    [TestCase("-00")]
    [TestCase(".5")]
    [TestCase("1.")]
    [TestCase("1e")]
    [TestCase("1e+")]
    [TestCase("+1")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    public void What_is_no_JSON_number_is_not_read(string text)
    {
        NumberScanner.ScanSingle(Encoding.ASCII.GetBytes(text), out _).Should().Be(0);
        NumberScanner.ScanDouble(Encoding.ASCII.GetBytes(text), out _).Should().Be(0);
    }

    [TestCase("18446744073709551615", ulong.MaxValue, true)]
    [TestCase("18446744073709551616", 0ul, false)]
    [TestCase("-9223372036854775808", 9223372036854775808ul, true)]
    [TestCase("0", 0ul, true)]
    public void A_whole_number_is_exact_or_does_not_fit(string text, ulong magnitude, bool expectedFit)
    {
        NumberScanner.ScanInteger(Encoding.ASCII.GetBytes(text), out var value, out var negative, out var fits).Should().Be(text.Length);

        fits.Should().Be(expectedFit);
        negative.Should().Be(text[0] == '-');
        (fits ? value : 0).Should().Be(magnitude);
    }

    [TestCase("1.0")]
    [TestCase("1e3")]
    [TestCase("007")]
    [TestCase("x")]
    public void A_whole_number_has_no_fraction_and_no_exponent(string text) =>
        NumberScanner.ScanInteger(Encoding.ASCII.GetBytes(text), out _, out _, out _).Should().Be(0);

    [TestCase("3.4028235677973367e38", float.PositiveInfinity, Description = "beyond half-way to the next power of two")]
    [TestCase("3.4028235677973366e38", float.MaxValue)]
    [TestCase("7.006492321624085e-46", 0f, Description = "half of the smallest float rounds to even")]
    [TestCase("7.006492321624086e-46", float.Epsilon)]
    [TestCase("1e-400", 0f)]
    [TestCase("-1e400", float.NegativeInfinity)]
    [TestCase("0e400", 0f)]
    [TestCase("0.0000000000000000000000000000000000000000000000001e49", 1f)]
    public void The_ends_of_the_range_are_read_exactly(string text, float value)
    {
        NumberScanner.ScanSingle(Encoding.ASCII.GetBytes(text), out var read).Should().Be(text.Length);

        BitConverter.SingleToInt32Bits(read).Should().Be(BitConverter.SingleToInt32Bits(value));
    }

    private static Gen<string> Digits(int least, int most) =>
        from count in Gen.Choose(least, most)
        from digits in Gen.Choose(0, 9).ArrayOf(count)
        select string.Concat(digits);
}
