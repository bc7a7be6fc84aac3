using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>
/// What the feedback of a window says of each version, in all figures, whichever of them an alert is about. Those that a version has no feedback for
/// have no series.
/// </summary>
internal sealed record AccuracyFigures(ModelSeries Series, string Window)
{
    public const string Accuracy = "version:slipway_feedback_accuracy:ratio";
    public const string Precision = "version:slipway_feedback_precision:ratio";
    public const string Recall = "version:slipway_feedback_recall:ratio";
    public const string F1 = "version:slipway_feedback_f1:ratio";
    public const string MeanAbsoluteError = "version:slipway_feedback_mae:mean";
    public const string RootMeanSquaredError = "version:slipway_feedback_rmse:mean";
    public const string Bias = "version:slipway_feedback_bias:mean";
    public const string Reward = "version:slipway_feedback_reward:mean";

    public const string Samples = "version:slipway_feedback_samples:increase";

    /// <summary>Matches the <see cref="Samples"/> that have a class.</summary>
    public const string OfClasses = "kind=\"class\"";

    /// <summary>Matches those that have a value, and so errors.</summary>
    public const string OfValues = "kind=\"value\"";

    /// <summary>Matches rewards.</summary>
    public const string OfRewards = "kind=\"reward\"";

    public const string Pairs = "pair:slipway_feedback:increase";
    public const string Predicted = "class:slipway_feedback_predicted:increase";
    public const string Actual = "class:slipway_feedback_actual:increase";

    /// <summary>What was predicted to be of a class or was, each once.</summary>
    public const string Either = "class:slipway_feedback_either:increase";

    private const string Right = "class:slipway_feedback_right:increase";

    private const string ByPair = $"{ModelSeries.ByVersion}, predicted, actual";
    private const string ByClass = $"{ModelSeries.ByVersion}, class";
    private const string IgnoringKind = "ignoring (kind)";

    public IEnumerable<Rule> Records() =>
    [
        Rule.Recording(Samples, Increase(ServerContract.Metrics.FeedbackCorrect)) with { Labels = Kind("class") },
        Rule.Recording(
            Accuracy,
            $"({Increase(ServerContract.Metrics.FeedbackCorrect, "correct=\"true\"")} or {IgnoringKind} 0 * {Series.Select(Samples, OfClasses)})\n/ {IgnoringKind} ({Series.Select(Samples, OfClasses)} > 0)"),
        .. ByClasses(),
        Rule.Recording(Samples, ValuesBeside(ServerContract.Metrics.FeedbackAbsoluteError)) with { Labels = Kind("value") },
        Rule.Recording(Samples, ValuesBeside(ServerContract.Metrics.FeedbackReward)) with { Labels = Kind("reward") },
        OfErrors(MeanAbsoluteError, Increase(ServerContract.Metrics.FeedbackAbsoluteError)),
        OfErrors(RootMeanSquaredError, Increase(ServerContract.Metrics.FeedbackSquaredError), "sqrt"),
        OfErrors(Bias, $"({Increase(ServerContract.Metrics.FeedbackPositiveError)} - {Increase(ServerContract.Metrics.FeedbackNegativeError)})"),
        Mean(Reward, Increase(ServerContract.Metrics.FeedbackReward), OfRewards, OfValues),
    ];

    private IEnumerable<Rule> ByClasses()
    {
        var (predicted, actual, right) = (Series.Select(Predicted), Series.Select(Actual), Series.Select(Right));
        return
        [
            Rule.Recording(Pairs, Series.Increase(ByPair, ServerContract.Metrics.Feedback, Window)),
            Rule.Recording(Predicted, $"sum by ({ByClass}) ({Named("predicted")})"),
            Rule.Recording(Actual, $"sum by ({ByClass}) ({Named("actual")})"),
            // What carries the same class on both sides. 0, not nothing, of a class that was never right: that must not go unseen.
            Rule.Recording(Right, $"sum by ({ByClass}) ({Named("predicted")} and {Named("actual")})\nor 0 * {predicted}\nor 0 * {actual}"),
            // A class that is on one side alone is never right: 0 stands for the other.
            Rule.Recording(Either, $"({predicted} or {right})\n+ ({actual} or {right})\n- {right}"),
            Rule.Recording(Precision, $"{right}\n/ ({predicted} > 0)"),
            Rule.Recording(Recall, $"{right}\n/ ({actual} > 0)"),
            Rule.Recording(F1, $"2 * {right}\n/ ({Series.Select(Either)} + {right} > 0)"),
        ];
    }

    private Rule OfErrors(string record, string sum, string function = "") => Mean(record, sum, OfValues, OfRewards, function);

    /// <summary>None while the window holds both kinds of one version, which pods that were told different ones make: their mean would be of neither.</summary>
    private Rule Mean(string record, string sum, string kind, string other, string function = "") => Rule.Recording(
        record,
        $"{function}({sum}\n/ {IgnoringKind} ({Series.Select(Samples, kind)} > 0))\nunless {IgnoringKind} ({Series.Select(Samples, other)} > 0)");

    /// <summary>The values of the pods that have this counter, too: a pod has one kind of a version, and only that one's sums.</summary>
    private string ValuesBeside(string counter) =>
        $"sum by ({ModelSeries.ByVersion}) (increase({Series.Select(ServerContract.Metrics.FeedbackValues)}[{Window}]) and increase({Series.Select(counter)}[{Window}]))";

    /// <summary>Of all pods, by version.</summary>
    private string Increase(string counter, params string[] matchers) => Series.Increase(ModelSeries.ByVersion, counter, Window, matchers);

    /// <summary>The pairs with the class of one side, whatever it consists of, as <c>class</c>.</summary>
    private string Named(string side) => $"label_replace({Series.Select(Pairs)}, \"class\", \"$1\", \"{side}\", \"(?s:(.*))\")";

    private static Dictionary<string, string> Kind(string kind) => new() { ["kind"] = kind };
}
