using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Api.Tests;

internal sealed class GoDurationTests
{
    [TestCase("500us", 0.0005)]
    [TestCase("1ms", 0.001)]
    [TestCase("30s", 30)]
    [TestCase("1m30s", 90)]
    [TestCase("1.5h", 5400)]
    [TestCase("1h1m1s1ms", 3661.001)]
    [TestCase("0s", 0)]
    [TestCase("200ns", 0.0000002)]
    public void Is_read_as_go_writes_it(string text, double seconds) =>
        GoDuration.Parse(text).Ticks.Should().Be((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    [TestCase("")]
    [TestCase("30")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("1 s")]
    [TestCase("1d")]
    [TestCase("1.2.3s")]
    [TestCase("99999999999999999999999h")]
    [TestCase("1s1")]
    public void Anything_else_is_refused_with_an_example(string text)
    {
        GoDuration.TryParse(text, out _).Should().BeFalse();
        var parse = () => GoDuration.Parse(text);
        parse.Should().Throw<FormatException>().WithMessage("*30s*");
    }

    [Test]
    public void The_schema_pattern_accepts_what_is_read_and_refuses_the_rest()
    {
        foreach (var text in new[] { "500us", "1m30s", "1.5h", "0s", "", "30", "-1s", "1 s", "1d", "s", "1s1" })
        {
            Regex.IsMatch(text, GoDuration.Pattern).Should().Be(GoDuration.TryParse(text, out _), text.ToString(CultureInfo.InvariantCulture));
        }
    }
}
