using OpenTelemetry;
using OpenTelemetry.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Telemetry;

/// <summary>Instruments as the SDK reads them.</summary>
internal sealed class ServerMetricsTests
{
    [Test]
    public void Series_of_versions_that_went_make_room_for_those_that_come()
    {
        using var metrics = new ServerMetrics("m", new LiveState(new()), TimeProvider.System);
        var exporter = new Series();
        using var reader = new BaseExportingMetricReader(exporter);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(ServerMetrics.MeterName).AddReader(reader).Build();
        for (var version = 1; version <= 300; version++)
        {
            metrics.Of($"{version}").Requested(Protocol.Rest, ErrorCode.Ok, TimeSpan.FromMilliseconds(1), wasWhole: true);
            reader.Collect();
            exporter.Seen.Where(series => series.Name == ServerContract.Metrics.Requests).Should().OnlyContain(series => series.Version == $"{version}").And.HaveCount(16);
            metrics.Forget($"{version}");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_version_that_comes_back_is_told_again_whether_or_not_anybody_asked_meanwhile(bool isAsked)
    {
        using var metrics = new ServerMetrics("m", new LiveState(new()), TimeProvider.System);
        var exporter = new Series();
        using var reader = new BaseExportingMetricReader(exporter);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(ServerMetrics.MeterName).AddReader(reader).Build();
        for (var turn = 0; turn < 3; turn++)
        {
            metrics.Of("1").Requested(Protocol.Rest, ErrorCode.Ok, TimeSpan.FromMilliseconds(1), wasWhole: true);
            if (isAsked || turn == 2)
            {
                reader.Collect();
                exporter.Seen.Should().Contain((ServerContract.Metrics.Requests, "1")).And.Contain((ServerContract.Metrics.RequestDuration, "1"));
            }

            if (turn < 2)
            {
                metrics.Forget("1");
            }
        }

        // What ended is told a last time; now it is over.
        reader.Collect();
        exporter.Seen.Count(series => series.Name == ServerContract.Metrics.Requests).Should().Be(16);
        exporter.Seen.Should().Contain((ServerContract.Metrics.RequestDuration, "1"));
    }

    private sealed class Series : BaseExporter<Metric>
    {
        public List<(string Name, string? Version)> Seen { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Seen.Clear();
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Seen.Add((metric.Name, Version(point.Tags)));
                }
            }

            return ExportResult.Success;
        }

        private static string? Version(ReadOnlyTagCollection tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "version")
                {
                    return (string?)tag.Value;
                }
            }

            return null;
        }
    }
}
