using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Schemas;

[TestFixture]
public sealed class QuantityTests
{
    [TestCase("0", "0")]
    [TestCase("1000m", "1")]
    [TestCase("0.1", "100m")]
    [TestCase("1.5", "1500m")]
    [TestCase("1500m", "1500m")]
    [TestCase("1024Mi", "1Gi")]
    [TestCase("1.5Gi", "1536Mi")]
    [TestCase("0.5Ki", "512")]
    [TestCase("100Mi", "100Mi")]
    [TestCase("1000k", "1M")]
    [TestCase("12e6", "12e6")]
    [TestCase("1e3", "1e3")]
    [TestCase("-250m", "-250m")]
    [TestCase("0.0000000001", "1n")]
    public void Amounts_are_written_without_fraction_and_with_the_largest_suffix(string given, string canonical)
    {
        Quantity.TryParse(given, out var quantity).Should().BeTrue();

        quantity.ToString().Should().Be(canonical);
    }

    [TestCase("")]
    [TestCase("m")]
    [TestCase("1mm")]
    [TestCase("1.2.3")]
    [TestCase("1e")]
    [TestCase("ten")]
    [TestCase("--1")]
    public void What_is_no_amount_is_not_read(string given) => Quantity.TryParse(given, out _).Should().BeFalse();

    [Test]
    public void Amounts_compare_by_value_whatever_their_suffix()
    {
        Quantity.TryParse("1Gi", out var binary).Should().BeTrue();
        Quantity.TryParse("1G", out var metric).Should().BeTrue();

        (binary > metric).Should().BeTrue();
    }
}
