using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class WholeBinsTests
{
    [TestCase("-3", Datatype.Int64, -3)]
    [TestCase("0", Datatype.UInt8, 0)]
    [TestCase("18446744073709551615", Datatype.UInt64, -1)]
    [TestCase("true", Datatype.Bool, 1)]
    [TestCase("false", Datatype.Bool, 0)]
    public void A_category_is_read_as_elements_are_written(string category, Datatype datatype, long number)
    {
        WholeBins.TryParse(category, datatype, out var read).Should().BeTrue();
        read.Should().Be(number);
    }

    [TestCase("007", Datatype.Int64)]
    [TestCase("+1", Datatype.Int64)]
    [TestCase("-0", Datatype.Int64)]
    [TestCase("1.5", Datatype.Int32)]
    [TestCase("-1", Datatype.UInt64)]
    [TestCase("01", Datatype.UInt64)]
    [TestCase("18446744073709551616", Datatype.UInt64)]
    [TestCase("True", Datatype.Bool)]
    [TestCase("1", Datatype.Bool)]
    [TestCase("de", Datatype.Int64)]
    public void What_no_element_is_written_as_is_no_category(string category, Datatype datatype) =>
        WholeBins.TryParse(category, datatype, out _).Should().BeFalse();

    [Test]
    public void A_number_that_is_no_category_is_another() =>
        new WholeBins([5, -1], new CategoricalBins(["5", "-1"])).BinOf(7).Should().Be(2);
}
