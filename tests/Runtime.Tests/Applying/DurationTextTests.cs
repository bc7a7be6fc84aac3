namespace Slipway.Runtime.Tests;

internal sealed class DurationTextTests
{
    [TestCase("1m", 60e9)]
    [TestCase("60s", 60e9)]
    [TestCase("1h30m", 5400e9)]
    [TestCase("1.5s", 1.5e9)]
    [TestCase("250ms", 250e6)]
    [TestCase("2d", 172800e9)]
    [TestCase("0", 0)]
    public void A_duration_is_read(string text, double nanoseconds)
    {
        DurationText.TryParse(text, out var value).Should().BeTrue();
        value.Should().Be((decimal)nanoseconds);
    }

    [TestCase("")]
    [TestCase("5")]
    [TestCase("m")]
    [TestCase("1x")]
    [TestCase("1m2")]
    [TestCase("1..5s")]
    [TestCase("99999999999999999999s")]
    public void What_is_no_duration_is_not_read(string text) => DurationText.TryParse(text, out _).Should().BeFalse();
}
