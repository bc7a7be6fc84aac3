using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Telemetry;

internal sealed class VersionMetricsTests
{
    [Test]
    public void What_is_bad_for_the_availability_may_be_slow_and_what_clients_do_wrong_may_not([Values] ErrorCode code)
    {
        var name = MetricCodes.All[MetricCodes.Index(code)];

        IsSlow(code, wasWhole: false).Should().Be(name == "ok" || ServerContract.Metrics.FailedCodes.Contains(name));
        IsSlow(code, wasWhole: true).Should().Be(name is "ok" or "cancelled" || ServerContract.Metrics.FailedCodes.Contains(name));
    }

    private static bool IsSlow(ErrorCode code, bool wasWhole)
    {
        var window = new WindowRing(TimeProvider.System, WindowRing.MostBytes);
        using var metrics = new VersionMetrics("m", "1", new LiveState(new()), window);
        metrics.Requested(Protocol.Rest, code, TimeSpan.FromMinutes(1), wasWhole);
        return window.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Versions.Single().Row(WindowRow.Slow)[(int)Protocol.Rest] == 1;
    }
}
