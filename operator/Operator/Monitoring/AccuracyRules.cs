using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>How right the answers of each version are, by the feedback that was sent; and the alert when that is not enough.</summary>
internal static class AccuracyRules
{
    public const string AccuracyLow = "SlipwayAccuracyLow";

    private const string Samples = "version:slipway_feedback_samples:increase";

    private static readonly TimeSpan For = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(15);

    public static RuleGroup Build(ModelSeries series, AccuracySpec accuracy)
    {
        var figure = Figure.Of(new(series, PromQl.Duration(GoDuration.Parse(accuracy.Window))), accuracy);
        var value = figure.Value($"({series.Select(Samples)} > 0)");
        return new()
        {
            Name = "accuracy",
            Interval = Alert.IntervalFor(GoDuration.Parse(accuracy.Window)),
            Rules =
            [
                Rule.Recording(Samples, figure.Samples),
                Rule.Recording(figure.Record, value) with { Labels = accuracy.Class.Length > 0 ? new Dictionary<string, string> { ["class"] = accuracy.Class } : null },
                Low(series, accuracy, figure.Record),
            ],
        };
    }

    private static Rule Low(ModelSeries series, AccuracySpec accuracy, string record)
    {
        var (comparison, words, bound) = AccuracyMetrics.IsError(accuracy.Metric)
            ? (">", "more than the most", PromQl.Number(accuracy.Maximum!.Value))
            : ("<", "less than the least", PromQl.Number(accuracy.Minimum!.Value));
        var metric = accuracy.Class.Length > 0 ? $"{accuracy.Metric} of class {Alert.Literal(accuracy.Class)}" : accuracy.Metric;
        return Alert.Of(
            AccuracyLow,
            Alert.Warning,
            $"({series.Select(record)} {comparison} {bound})\nand on ({ModelSeries.ByVersion}) ({series.Select(Samples)} >= {accuracy.MinSamples})",
            For,
            Keep,
            $"Version {{{{ $labels.version }}}} of model {{{{ $labels.namespace }}}}/{{{{ $labels.model }}}} is less right than it should be.",
            $"{metric}, by the feedback of {accuracy.Window}, is {{{{ printf \"%.3g\" $value }}}}, {words} that is good enough, {bound}.");
    }

    /// <summary>One metric: the record that it becomes, what it is divided by, and its value.</summary>
    private sealed record Figure(string Record, string Samples, Func<string, string> Value)
    {
        public static Figure Of(Counted counted, AccuracySpec accuracy)
        {
            var (predicted, actual) = ($"predicted={PromQl.Quote(accuracy.Class)}", $"actual={PromQl.Quote(accuracy.Class)}");
            var right = counted.OrZero(ServerContract.Metrics.Feedback, predicted, actual);
            return accuracy.Metric switch
            {
                AccuracyMetrics.Accuracy => new(
                    "version:slipway_feedback_accuracy:ratio",
                    counted.Of(ServerContract.Metrics.FeedbackCorrect),
                    samples => $"{counted.OrZero(ServerContract.Metrics.FeedbackCorrect, "correct=\"true\"")}\n/ {samples}"),
                AccuracyMetrics.Precision => new(
                    "version:slipway_feedback_precision:ratio", counted.OrZero(ServerContract.Metrics.Feedback, predicted), samples => $"{right}\n/ {samples}"),
                AccuracyMetrics.Recall => new(
                    "version:slipway_feedback_recall:ratio", counted.OrZero(ServerContract.Metrics.Feedback, actual), samples => $"{right}\n/ {samples}"),
                AccuracyMetrics.F1 => new(
                    "version:slipway_feedback_f1:ratio",
                    counted.EitherOrZero(ServerContract.Metrics.Feedback, predicted, actual),
                    samples => $"2 * {right}\n/ ({samples} + {right})"),
                AccuracyMetrics.MeanAbsoluteError => Mean("version:slipway_feedback_mae:mean", ServerContract.Metrics.FeedbackAbsoluteError),
                AccuracyMetrics.RootMeanSquaredError => Mean("version:slipway_feedback_rmse:mean", ServerContract.Metrics.FeedbackSquaredError, "sqrt"),
                AccuracyMetrics.Reward => Mean("version:slipway_feedback_reward:mean", ServerContract.Metrics.FeedbackReward),
                _ => throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy.Metric, "is no metric"),
            };

            Figure Mean(string record, string sum, string function = "") =>
                new(record, counted.Of(ServerContract.Metrics.FeedbackValues), samples => $"{function}({counted.Of(sum)}\n/ {samples})");
        }
    }

    /// <summary>Counters of feedback in the window, of all pods, by version.</summary>
    private sealed record Counted(ModelSeries Series, string Window)
    {
        public string Of(string counter, params string[] matchers) => Series.Increase(ModelSeries.ByVersion, counter, Window, matchers);

        /// <summary>0, not nothing, of a version that has feedback and none that matches: what was never right must not go unseen.</summary>
        public string OrZero(string counter, params string[] matchers) => $"({Of(counter, matchers)} or 0 * {Of(counter)})";

        /// <summary>The same of what matches one or the other, or both, each once.</summary>
        public string EitherOrZero(string counter, string one, string other) =>
            $"(sum by ({ModelSeries.ByVersion}) (increase({Series.Select(counter, one)}[{Window}]) or increase({Series.Select(counter, other)}[{Window}])) or 0 * {Of(counter)})";
    }
}
