using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads the sums of the versions that answer requests.</summary>
internal sealed class StatisticsReport(ServingDataPlane plane)
{
    /// <param name="model">Empty for every model.</param>
    /// <param name="version">Empty for every version.</param>
    /// <exception cref="ServingException">Nothing of this name is served here, or it is not loaded.</exception>
    public StatisticsAnswer Of(ReadOnlySpan<char> model, ReadOnlySpan<char> version)
    {
        if (version.IsEmpty)
        {
            if (!model.IsEmpty)
            {
                plane.IsReady(model, version);
            }

            return new([.. plane.Versions.Entries.Select(entry => entry.Loaded).OfType<ModelVersion>().Select(Report)]);
        }

        var entered = plane.Enter(model, version);
        try
        {
            return new([Report(entered)]);
        }
        finally
        {
            entered.Leave();
        }
    }

    private ModelStatistics Report(ModelVersion version)
    {
        var sums = version.Metrics.Statistics;
        return new(
            version.Model,
            version.Version,
            sums.SinceLastRun is { } since ? (plane.Clock.GetUtcNow() - since).ToUnixTimeMilliseconds() : 0,
            sums.Rows,
            sums.Runs,
            new(sums.Success, sums.Failure, sums.Queue, sums.Input, sums.Infer, sums.Output),
            [.. sums.Batches().Select(batch => new BatchStatistics(batch.Rows, batch.Input, batch.Infer, new DurationStatistic(batch.Infer.Count, 0)))]);
    }
}
