using System.Globalization;
using Slipway.Api;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class PromQlTests
{
    [TestCase("24h", "24h")]
    [TestCase("90m", "1h30m")]
    [TestCase("1.0083333s", "1s8ms")]
    [TestCase("60.5s", "1m500ms")]
    [TestCase("0s", "0s")]
    [TestCase("500us", "0s")]
    public void A_duration_has_whole_units(string duration, string written) => PromQl.Duration(GoDuration.Parse(duration)).Should().Be(written);

    [TestCase("0.20", "0.2")]
    [TestCase("0.0001", "0.0001")]
    [TestCase("-1000000000", "-1000000000")]
    public void A_number_has_its_digits_and_no_exponent(string number, string written) =>
        PromQl.Number(decimal.Parse(number, CultureInfo.InvariantCulture)).Should().Be(written);

    [Test]
    public void Text_is_quoted() => PromQl.Quote("a \"b\" \\ c\nd").Should().Be("\"a \\\"b\\\" \\\\ c\\nd\"");

    [Test]
    public void Words_are_matched_as_they_are() => PromQl.AnyOf(["p(fraud)", "a|b c"]).Should().Be("\"p\\\\(fraud\\\\)|a\\\\|b c\"");
}
