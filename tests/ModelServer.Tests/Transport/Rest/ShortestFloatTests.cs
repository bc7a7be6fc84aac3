using System.Globalization;
using System.Text;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

internal sealed class ShortestFloatTests
{
    // Without a bound the pool adds a thread each time that it sees no end of one, and hundreds of them keep everything else waiting.
    private static readonly ParallelOptions AllCores = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    private const int Seed = 5;

    [TestCase(0f, "0")]
    [TestCase(-0f, "-0")]
    [TestCase(1f, "1")]
    [TestCase(-2.5f, "-2.5")]
    [TestCase(0.1f, "0.1")]
    [TestCase(1e-5f, "1E-05")]
    [TestCase(0.0001f, "0.0001")]
    [TestCase(1e9f, "1E+09")]
    [TestCase(123456790f, "123456790")]
    [TestCase(float.Epsilon, "1E-45")]
    [TestCase(float.MaxValue, "3.4028235E+38")]
    [TestCase(-1.17549435E-38f, "-1.1754944E-38")]
    public void A_float_is_written_with_the_fewest_digits(float value, string text) => Written(value).Should().Be(text);

    [Test]
    public void Every_power_of_two_and_its_neighbours_are_written_as_the_framework_writes_them() =>
        Check(Enumerable.Range(0, 255).SelectMany(exponent => new[] { -2, -1, 0, 1, 2 }.Select(step => (exponent << 23) + step)));

    [Test]
    public void Every_subnormal_of_few_bits_is_written_as_the_framework_writes_it() => Check(Enumerable.Range(1, 100_000));

    [Test]
    public void Whole_numbers_and_hundredths_are_written_as_the_framework_writes_them() => Check(
        Enumerable.Range(0, 100_000).SelectMany(i => new[] { BitConverter.SingleToInt32Bits(i * 37f), BitConverter.SingleToInt32Bits(i / 100f) }));

    [Test]
    public void Floats_of_every_class_are_written_as_the_framework_writes_them()
    {
        var random = new Random(Seed);
        Check(Enumerable.Range(0, 500_000).Select(_ => random.Next(int.MinValue, int.MaxValue)));
    }

    [Test]
    [Category("Long")]
    public void All_floats_are_written_so_that_they_read_back() => Parallel.For(0, 1 << 16, AllCores, high =>
    {
        Span<byte> room = stackalloc byte[ShortestFloat.MostBytes];
        for (var low = 0; low < 1 << 16; low++)
        {
            var value = BitConverter.Int32BitsToSingle((high << 16) | low);
            if (float.IsFinite(value))
            {
                var text = room[..ShortestFloat.Write(value, room)];
                if (float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) != value)
                {
                    throw new AssertionException($"{Encoding.ASCII.GetString(text)} was written for {value:R}");
                }
            }
        }
    });

    private static void Check(IEnumerable<int> bits)
    {
        foreach (var value in bits.Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite))
        {
            if (Written(value) != value.ToString(CultureInfo.InvariantCulture))
            {
                throw new AssertionException($"{Written(value)} was written for {value.ToString(CultureInfo.InvariantCulture)}");
            }
        }
    }

    private static string Written(float value)
    {
        Span<byte> room = stackalloc byte[ShortestFloat.MostBytes];
        return Encoding.ASCII.GetString(room[..ShortestFloat.Write(value, room)]);
    }
}
