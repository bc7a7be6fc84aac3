using System.Diagnostics;

namespace Slipway.Operator.Tests.Samples;

/// <summary>The sample's week, through the real promtool and Prometheus.</summary>
internal sealed class ReplayTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Test]
    public async Task The_alert_about_drift_fires_on_the_day_of_the_shift_and_on_none_before()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Slipway.Operator", here.Name, "slipway-operator");
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "samples", "fraud-detection", "replay.py"), "--operator", program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var lines = (await process.StandardOutput.ReadToEndAsync(limit.Token)).Split('\n');
        await process.WaitForExitAsync(limit.Token);

        process.ExitCode.Should().Be(0, "it said: {0}{1}", string.Join('\n', lines), await errors);
        lines.Where(line => line.Contains("fires", StringComparison.Ordinal)).Should().ContainSingle().Which.Should().StartWith("day 5: SlipwayFeatureDrift fires at ").And.Contain("amount");
    }
}
