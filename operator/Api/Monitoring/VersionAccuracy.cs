namespace Slipway.Api.Monitoring;

/// <summary>The figures of one version. Those that it was told nothing for are null.</summary>
/// <param name="From">As in <see cref="FeedbackWindow"/>.</param>
/// <param name="To">As <paramref name="From"/>.</param>
public sealed record VersionAccuracy(
    string Version,
    DateTimeOffset From,
    DateTimeOffset To,
    Figure? Accuracy,
    IReadOnlyList<ClassAccuracy>? Classes,
    Figure? Mae,
    Figure? Rmse,
    Figure? Bias,
    Figure? Reward)
{
    public static VersionAccuracy Of(string version, FeedbackWindow window) => new(
        version,
        window.From,
        window.To,
        Told(ModelFigures.Accuracy(window)),
        window.Classes.Count == 0 ? null : [.. window.Classes.Select(name => ClassAccuracy.Of(name, window))],
        Told(ModelFigures.MeanAbsoluteError(window)),
        Told(ModelFigures.RootMeanSquaredError(window)),
        Told(ModelFigures.Bias(window)),
        Told(ModelFigures.MeanReward(window)));

    private static Figure? Told(Figure figure) => figure.Samples > 0 ? figure : null;
}

/// <summary>The figures of one class.</summary>
public sealed record ClassAccuracy(string Class, Figure Precision, Figure Recall, Figure F1)
{
    public static ClassAccuracy Of(string name, FeedbackWindow window) =>
        new(name, ModelFigures.Precision(window, name), ModelFigures.Recall(window, name), ModelFigures.F1(window, name));
}
