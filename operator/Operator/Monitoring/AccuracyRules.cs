using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>How right the answers of each version are, by the feedback that was sent; and the alert when that is not enough.</summary>
internal static class AccuracyRules
{
    public const string AccuracyLow = "SlipwayAccuracyLow";

    private static readonly TimeSpan For = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(15);

    /// <param name="accuracy">Null: nothing is good or bad, and the figures are there all the same.</param>
    public static RuleGroup Build(ModelSeries series, AccuracySpec? accuracy)
    {
        var window = GoDuration.Parse(accuracy?.Window ?? AccuracySpec.DefaultWindow);
        return new()
        {
            Name = "accuracy",
            Interval = Alert.IntervalFor(window),
            Rules = [.. new AccuracyFigures(series, PromQl.Duration(window)).Records(), .. accuracy is null ? Array.Empty<Rule>() : [Low(series, accuracy)]],
        };
    }

    private static Rule Low(ModelSeries series, AccuracySpec accuracy)
    {
        var (comparison, words, bound) = AccuracyMetrics.IsError(accuracy.Metric)
            ? (">", "more than the most", PromQl.Number(accuracy.Maximum!.Value))
            : ("<", "less than the least", PromQl.Number(accuracy.Minimum!.Value));
        var metric = accuracy.Class.Length > 0 ? $"{accuracy.Metric} of class {Alert.Literal(accuracy.Class)}" : accuracy.Metric;
        var (figure, samples) = Chosen(series, accuracy);
        return Alert.Of(
            AccuracyLow,
            Alert.Warning,
            $"({figure} {comparison} {bound})\nand on ({ModelSeries.ByVersion}) ({samples} >= {accuracy.MinSamples})",
            For,
            Keep,
            $"Version {{{{ $labels.version }}}} of model {{{{ $labels.namespace }}}}/{{{{ $labels.model }}}} is less right than it should be.",
            $"{metric}, by the feedback of {accuracy.Window}, is {{{{ printf \"%.3g\" $value }}}}, {words} that is good enough, {bound}.");
    }

    /// <summary>The metric, and what it is divided by; of F1 what it is made of, each answer once.</summary>
    private static (string Figure, string Samples) Chosen(ModelSeries series, AccuracySpec accuracy)
    {
        return accuracy.Metric switch
        {
            AccuracyMetrics.Accuracy => OfKind(AccuracyFigures.Accuracy, AccuracyFigures.OfClasses),
            AccuracyMetrics.Precision => OfClass(AccuracyFigures.Precision, AccuracyFigures.Predicted),
            AccuracyMetrics.Recall => OfClass(AccuracyFigures.Recall, AccuracyFigures.Actual),
            AccuracyMetrics.F1 => OfClass(AccuracyFigures.F1, AccuracyFigures.Either),
            AccuracyMetrics.MeanAbsoluteError => OfKind(AccuracyFigures.MeanAbsoluteError, AccuracyFigures.OfValues),
            AccuracyMetrics.RootMeanSquaredError => OfKind(AccuracyFigures.RootMeanSquaredError, AccuracyFigures.OfValues),
            AccuracyMetrics.Reward => OfKind(AccuracyFigures.Reward, AccuracyFigures.OfRewards),
            _ => throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy.Metric, "is no metric"),
        };

        (string, string) OfClass(string figure, string samples)
        {
            var matcher = $"class={PromQl.Quote(accuracy.Class)}";
            return (series.Select(figure, matcher), series.Select(samples, matcher));
        }

        (string, string) OfKind(string figure, string kind) => (series.Select(figure), series.Select(AccuracyFigures.Samples, kind));
    }
}
