using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Feedback;

/// <summary>The instruments that read a <see cref="FeedbackBook"/>, all but the pairs of classes, which hang on their versions.</summary>
internal sealed class FeedbackMetrics : IDisposable
{
    private readonly Meter _meter = new(ServerMetrics.MeterName);
    private readonly KeyValuePair<string, object?> _model;
    private readonly FeedbackBook _book;

    public FeedbackMetrics(string model, FeedbackBook book)
    {
        _model = new("model", model);
        _book = book;
        _meter.CreateObservableCounter(
            ServerContract.Metrics.FeedbackCorrect, Correct, unit: null, "Predictions of a class by whether they were right, whatever the number of classes.");
        Counter(
            ServerContract.Metrics.FeedbackValues, "Predictions of a value that somebody told the right value of, or rewards.", numbers => numbers.Values, FeedbackKind.Value, FeedbackKind.Reward);
        Counter(ServerContract.Metrics.FeedbackAbsoluteError, "Sum of how far values were off.", numbers => numbers.AbsoluteError, FeedbackKind.Value);
        Counter(ServerContract.Metrics.FeedbackSquaredError, "Sum of the squares of how far values were off.", numbers => numbers.SquaredError, FeedbackKind.Value);
        Counter(ServerContract.Metrics.FeedbackPositiveError, "Sum of how far values were too high.", numbers => numbers.PositiveError, FeedbackKind.Value);
        Counter(ServerContract.Metrics.FeedbackNegativeError, "Sum of how far values were too low.", numbers => numbers.NegativeError, FeedbackKind.Value);
        Counter(ServerContract.Metrics.FeedbackReward, "Sum of rewards.", numbers => numbers.Reward, FeedbackKind.Reward);
    }

    /// <summary>The exporter makes room for more series of one name than it does by itself.</summary>
    public static void AddView(MeterProviderBuilder metrics) =>
        metrics.AddView(ServerContract.Metrics.Feedback, new MetricStreamConfiguration { CardinalityLimit = FeedbackClasses.Cells });

    public void Dispose() => _meter.Dispose();

    /// <param name="kinds">Told of versions of these alone: an error of 0 in a version of rewards would be a perfect one.</param>
    private void Counter<T>(string name, string description, Func<FeedbackNumbers, T> read, params FeedbackKind?[] kinds) where T : struct => _meter.CreateObservableCounter(
        name,
        () => _book.Told().Where(each => kinds.Contains(each.Amounts)).Select(each => new Measurement<T>(read(each.Numbers), _model, new("version", each.Version))),
        unit: null,
        description);

    private IEnumerable<Measurement<long>> Correct() => _book.Told().SelectMany(each => (Measurement<long>[])
    [
        new(each.Numbers.Correct, _model, new("version", each.Version), new("correct", "true")),
        new(each.Numbers.Wrong, _model, new("version", each.Version), new("correct", "false")),
    ]);
}
