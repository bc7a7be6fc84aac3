using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

internal sealed class FloatRunTests
{
    // Enough behind the last number for sixteen bytes to be looked at.
    private const string Behind = "0]}],\"more\":\"              \"}";

    private static readonly Gen<string> Plain = (
        from negative in Gen.Elements("", "-")
        from whole in Gen.Choose(1, 7).SelectMany(Digits)
        from fraction in Gen.Choose(0, 5).SelectMany(Digits)
        select negative + (whole.TrimStart('0') is { Length: > 0 } kept ? kept : "0") + (fraction.Length > 0 ? $".{fraction}" : ""))
        .Where(number => (BitConverter.DoubleToInt64Bits(double.Parse(number, CultureInfo.InvariantCulture)) & 0x1FFFFFFF) != 0x10000000);

    // Exactly between two floats, in few enough digits to be taken here.
    private static readonly Gen<string> Midpoints =
        Gen.Choose(1 << 23, (1 << 24) - 1).Select(whole => string.Create(CultureInfo.InvariantCulture, $"{whole}.5"));

    [SetUp]
    public void Require_the_instructions() => Assume.That(Ssse3.IsSupported, "the processor lacks SSSE3");

    [Test]
    public void Plain_numbers_are_read_as_the_framework_reads_them_to_the_last_bit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Plain.NonEmptyListOf().ToArbitrary(), Gen.Elements(",", ", ").ToArbitrary(), (numbers, comma) =>
        {
            var text = string.Concat(numbers.Select(number => number + comma));
            var read = new float[numbers.Count];

            var count = FloatRun.Read(Encoding.ASCII.GetBytes(text + Behind), read, out var length);

            return count == numbers.Count && length == text.Length && read.Select(BitConverter.SingleToInt32Bits).SequenceEqual(
                numbers.Select(number => BitConverter.SingleToInt32Bits(float.Parse(number, CultureInfo.InvariantCulture))));
        }));

    [Test]
    public void What_lies_between_two_floats_is_left_to_the_scanner() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Midpoints.ToArbitrary(), number => FloatRun.Read(Encoding.ASCII.GetBytes($"{number},{Behind}"), new float[1], out _) == 0));

    [TestCase("1e3,")]
    [TestCase("1.5E-3,")]
    [TestCase("01,")]
    [TestCase("-00.5,")]
    [TestCase(".5,")]
    [TestCase("1.,")]
    [TestCase("-,")]
    [TestCase("--1,")]
    [TestCase("+1,")]
    [TestCase("1.2.3,")]
    [TestCase("null,")]
    [TestCase("1 ,", Description = "white space before the comma")]
    [TestCase("1]")]
    [TestCase("12345678.123456,", Description = "fifteen bytes")]
    [TestCase("123456789.123456,", Description = "sixteen bytes")]
    [TestCase("-1234567890123456,")]
    [TestCase(",1,")]
    public void What_is_not_plain_is_left_to_the_scanner(string text)
    {
        FloatRun.Read(Encoding.ASCII.GetBytes(text + Behind), new float[4], out var length).Should().Be(0);

        length.Should().Be(0);
    }

    [Test]
    public void A_run_ends_at_the_first_number_that_is_not_plain()
    {
        var read = new float[4];

        FloatRun.Read(Encoding.ASCII.GetBytes("1,-0,2e1,3," + Behind), read, out var length).Should().Be(2);

        length.Should().Be("1,-0,".Length);
        read[0].Should().Be(1);
        BitConverter.SingleToInt32Bits(read[1]).Should().Be(BitConverter.SingleToInt32Bits(-0f));
    }

    [Test]
    public void No_more_numbers_are_read_than_there_is_room_for()
    {
        FloatRun.Read(Encoding.ASCII.GetBytes("1,2,3," + Behind), new float[2], out var length).Should().Be(2);

        length.Should().Be("1,2,".Length);
    }

    [Test]
    public void Nothing_is_read_behind_the_end_of_the_text([Range(0, 40)] int size)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("12345.6789,", 4)));
        var read = new float[8];

        var count = FloatRun.Read(text.AsSpan(0, size), read, out var length);

        length.Should().Be(count * 11).And.BeLessThanOrEqualTo(size);
        read.Take(count).Should().AllBeEquivalentTo(12345.6789f);
    }

    private static Gen<string> Digits(int count) => Gen.Choose(0, 9).ArrayOf(count).Select(string.Concat);
}
