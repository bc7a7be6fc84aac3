using System.Text;
using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class FeatureBinsTests
{
    private static readonly NumericBins Three = new([0, 1, 2.5]);

    [TestCase(double.NegativeInfinity, "low")]
    [TestCase(-0.001, "low")]
    [TestCase(0, "[0,1]")]
    [TestCase(1, "[0,1]")]
    [TestCase(1.0000001, "(1,2.5]")]
    [TestCase(2.5, "(1,2.5]")]
    [TestCase(2.6, "high")]
    [TestCase(double.PositiveInfinity, "high")]
    [TestCase(double.NaN, "missing")]
    public void Every_number_falls_into_the_bin_whose_upper_edge_it_does_not_pass(double value, string bin) =>
        Three.Labels[Three.BinOf(value)].Should().Be(bin);

    [TestCase(6.9, "low")]
    [TestCase(7, "[7,7]")]
    [TestCase(7.1, "high")]
    [TestCase(double.NaN, "missing")]
    public void A_constant_has_a_bin_for_its_one_value(double value, string bin)
    {
        var constant = new NumericBins([7]);

        constant.Labels.Should().Equal("low", "[7,7]", "high", "missing");
        constant.Labels[constant.BinOf(value)].Should().Be(bin);
    }

    [Test]
    public void Edges_that_were_floats_read_as_floats_unless_two_would_read_the_same()
    {
        new NumericBins([0.1f, 0.3f]).Labels[1].Should().Be("[0.1,0.3]");
        new NumericBins([0.1, 0.1f]).Labels[1].Should().Be("[0.1,0.10000000149011612]");
    }

    [TestCase("de", "de")]
    [TestCase("xx", "other")]
    [TestCase("", "missing")]
    [TestCase("other", "=other")]
    [TestCase("=a", "==a")]
    public void A_word_falls_into_the_bin_of_its_category_which_is_told_from_the_other_bins(string word, string bin)
    {
        var bins = new CategoricalBins(["de", "other", "=a"]);

        bins.Labels.Should().Equal("de", "=other", "==a", "other", "missing");
        bins.Labels[bins.BinOf(word)].Should().Be(bin);
        bins.BinOf(Encoding.UTF8.GetBytes(word)).Should().Be(bins.BinOf(word));
    }
}
