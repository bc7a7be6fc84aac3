using Slipway.DevCluster.ApiServer.Tables;

namespace Slipway.DevCluster.Tests.ApiServer.Tables;

public sealed class AgeTests
{
    [TestCase(0, "0s")]
    [TestCase(119, "119s")]
    [TestCase(120, "2m")]
    [TestCase(200, "3m20s")]
    [TestCase(600, "10m")]
    [TestCase(10_800, "3h")]
    [TestCase(11_100, "3h5m")]
    [TestCase(172_800, "2d")]
    [TestCase(180_000, "2d2h")]
    [TestCase(31_536_000, "365d")]
    [TestCase(-60, "<invalid>")]
    public void An_age_is_told_in_its_largest_units(int seconds, string text) => Age.Text(TimeSpan.FromSeconds(seconds)).Should().Be(text);

    [Test]
    public void Without_a_time_there_is_no_age() => Age.Since(null, DateTimeOffset.UnixEpoch).Should().Be("<unknown>");
}
