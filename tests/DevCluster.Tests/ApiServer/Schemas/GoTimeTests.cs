using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Schemas;

internal sealed class GoTimeTests
{
    [TestCase("2026-01-02T03:04:05Z", false)]
    [TestCase("2026-01-02T03:04:05+02:00", false)]
    [TestCase("2026-01-02T03:04:05.123456789Z", false)]
    [TestCase("2024-02-29T23:59:59Z", false)]
    [TestCase("2026-01-02T03:04:05.000000Z", true)]
    [TestCase("2026-01-02T03:04:05.123456-07:00", true)]
    public void A_time_in_its_layout_is_good(string text, bool micro) => GoTime.Problem(text, micro).Should().BeNull();

    [TestCase("yesterday", false, "cannot parse \"yesterday\" as \"2006\"")]
    [TestCase("2026-01-02 03:04:05Z", false, "cannot parse \" 03:04:05Z\" as \"T\"")]
    [TestCase("2026-01-02T03:04:05", false, "cannot parse \"\" as \"Z07:00\"")]
    [TestCase("2026-01-02T03:04:05Zz", false, "extra text: \"z\"")]
    [TestCase("2026-13-02T03:04:05Z", false, "month out of range")]
    [TestCase("2026-02-29T03:04:05Z", false, "day out of range")]
    [TestCase("2026-02-02T24:04:05Z", false, "hour out of range")]
    [TestCase("2026-01-02T03:04:05Z", true, "cannot parse \"Z\" as \".000000\"")]
    [TestCase("2026-01-02T03:04:05.123Z", true, "cannot parse \".123Z\" as \".000000\"")]
    [TestCase("2026-01-02T03:04:05.1234567Z", true, "cannot parse \"7Z\" as \"Z07:00\"")]
    public void What_does_not_fit_is_named(string text, bool micro, string problem) =>
        GoTime.Problem(text, micro).Should().StartWith($"parsing time \"{text}\"").And.EndWith(problem);
}
