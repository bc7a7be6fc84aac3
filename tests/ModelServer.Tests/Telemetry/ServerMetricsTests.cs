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
            metrics.Of($"{version}").Requested(Protocol.Rest, ErrorCode.Ok, TimeSpan.FromMilliseconds(1));
            reader.Collect();
            exporter.Seen.Where(series => series.Name == ServerContract.Metrics.Requests).Should().OnlyContain(series => series.Version == $"{version}").And.HaveCount(16);
            metrics.Forget($"{version}");
        }
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
