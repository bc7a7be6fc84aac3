namespace Slipway.Api.Monitoring;

/// <summary>
/// How good a model is, from what it was told of its predictions. Each figure is a quotient of sums, so that it is right over any number of
/// servers and any window; the recording rules compute the same.
/// </summary>
public static class ModelFigures
{
    /// <summary>The share of predictions that were right: correct ÷ (correct + wrong). Right for any number of classes.</summary>
    public static Figure Accuracy(FeedbackWindow window) => Figure.Of(window.Correct, window.Correct + window.Wrong);

    /// <summary>Of the predictions of a class, the share that was right: true positives ÷ predicted.</summary>
    public static Figure Precision(FeedbackWindow window, string name) => Of(window, name, static counts => Figure.Of(counts.Right, counts.Predicted));

    /// <summary>Of what really is of a class, the share that was predicted so: true positives ÷ actual.</summary>
    public static Figure Recall(FeedbackWindow window, string name) => Of(window, name, static counts => Figure.Of(counts.Right, counts.Actual));

    /// <summary>
    /// The harmonic mean of precision and recall: 2 · true positives ÷ (predicted + actual). Its samples are what was predicted or really is
    /// of the class, each once.
    /// </summary>
    public static Figure F1(FeedbackWindow window, string name) => Of(
        window, name, static counts => Figure.Of(2 * counts.Right, counts.Predicted + counts.Actual) with { Samples = counts.Predicted + counts.Actual - counts.Right });

    /// <summary>The mean absolute error: Σ|predicted − actual| ÷ values.</summary>
    public static Figure MeanAbsoluteError(FeedbackWindow window) => OfErrors(window, window.AbsoluteError);

    /// <summary>The root of the mean squared error: √(Σ(predicted − actual)² ÷ values).</summary>
    public static Figure RootMeanSquaredError(FeedbackWindow window)
    {
        var mean = OfErrors(window, window.SquaredError);
        return mean with { Value = mean.Value is { } value ? Math.Sqrt(value) : null };
    }

    /// <summary>The mean of predicted − actual, above 0 when the model says too much: (positive − negative error) ÷ values.</summary>
    public static Figure Bias(FeedbackWindow window) => OfErrors(window, window.PositiveError - window.NegativeError);

    /// <summary>Σ reward ÷ values.</summary>
    public static Figure MeanReward(FeedbackWindow window) => OfValues(window, window.AbsoluteError is null ? window.Reward : null);

    private static Figure OfErrors(FeedbackWindow window, double? sum) => OfValues(window, window.Reward is null ? sum : null);

    // Without a sum the values are of the other kind. Of servers that were told different kinds of one version the values are of both, and a mean of neither.
    private static Figure OfValues(FeedbackWindow window, double? sum) => sum is { } known ? Figure.Of(known, window.Values) : default;

    // A class that is not told apart has no samples, and so no value.
    private static Figure Of(FeedbackWindow window, string name, Func<ClassCounts, Figure> figure)
    {
        for (var place = 0; place < window.Classes.Count; place++)
        {
            if (window.Classes[place] == name)
            {
                return figure(new(window.Counts[place][place], window.Counts[place].Sum(), window.Counts.Sum(row => row[place])));
            }
        }

        return figure(default);
    }

    private readonly record struct ClassCounts(long Right, long Predicted, long Actual);
}

/// <summary>A quotient, and how much it is worth.</summary>
/// <param name="Value">Null without samples.</param>
/// <param name="Samples">What is divided by; a minimum number of samples is held against this.</param>
public readonly record struct Figure(double? Value, long Samples)
{
    internal static Figure Of(double sum, long samples) => new(samples > 0 ? sum / samples : null, samples);
}
