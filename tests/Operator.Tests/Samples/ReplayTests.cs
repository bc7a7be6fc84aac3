using System.Diagnostics;

namespace Slipway.Operator.Tests.Samples;

/// <summary>The sample's week, through the real promtool and Prometheus.</summary>
internal sealed class ReplayTests
{
    [Test]
    public async Task The_alert_about_drift_fires_on_the_day_of_the_shift_and_on_none_before()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Slipway.Operator", here.Name, "slipway-operator");
        var lines = (await Tool.RunAsync(new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "samples", "fraud-detection", "replay.py"), "--operator", program]))).Split('\n');

        lines.Where(line => line.Contains("fires", StringComparison.Ordinal)).Should().ContainSingle().Which.Should().StartWith("day 5: SlipwayFeatureDrift fires at ").And.Contain("amount");
    }
}
