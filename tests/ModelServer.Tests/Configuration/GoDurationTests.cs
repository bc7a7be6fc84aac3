using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Tests.Configuration;

internal sealed class GoDurationTests
{
    [TestCase("0s")]
    [TestCase("1us")]
    [TestCase("1500us")]
    [TestCase("50ms")]
    [TestCase("90s")]
    [TestCase("5m")]
    [TestCase("36h")]
    public void What_is_written_is_what_was_read(string text)
    {
        GoDuration.TryParse(text, out var duration).Should().BeTrue();

        GoDuration.Format(duration).Should().Be(text);
    }

    [TestCase("1.5s", "1500ms")]
    [TestCase("1h30m", "90m")]
    public void The_largest_unit_that_gives_a_whole_number_is_written(string text, string written)
    {
        GoDuration.TryParse(text, out var duration).Should().BeTrue();

        GoDuration.Format(duration).Should().Be(written);
    }
}
