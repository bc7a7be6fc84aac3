using Slipway.Api.Monitoring;

namespace Slipway.Api.Tests.Monitoring;

internal sealed class ModelFiguresTests
{
    // Rows are what was predicted. By hand: 50 + 30 + 7 of 110 are right; fraud is predicted 5 + 30 + 1 = 36 times and is 10 + 30 + 2 = 42
    // times so; precision 30/36, recall 30/42, F1 2·30/(36 + 42) = 10/13, over 36 + 42 − 30 = 48.
    private static readonly FeedbackWindow Classes = new()
    {
        Classes = ["ok", "fraud", FeedbackWindow.Other],
        Counts = [[50, 10, 4], [5, 30, 1], [1, 2, 7]],
        Correct = 87,
        Wrong = 23,
    };

    // Errors 1.5, −2, 0, 0.5: absolute 4, squared 2.25 + 4 + 0.25 = 6.5.
    private static readonly FeedbackWindow Values = new() { Values = 4, AbsoluteError = 4, SquaredError = 6.5, PositiveError = 2, NegativeError = 2.5 };

    [Test]
    public void Accuracy_is_the_share_that_was_right() => Should(ModelFigures.Accuracy(Classes), 87.0 / 110, 110);

    [Test]
    public void Accuracy_counts_classes_that_are_not_told_apart()
    {
        // Two classes that both are 'other' are on its diagonal and yet wrong.
        var many = new FeedbackWindow { Classes = [FeedbackWindow.Other], Counts = [[10]], Correct = 4, Wrong = 6 };

        Should(ModelFigures.Accuracy(many), 0.4, 10);
    }

    [Test]
    public void Precision_is_of_what_was_predicted() => Should(ModelFigures.Precision(Classes, "fraud"), 30.0 / 36, 36);

    [Test]
    public void Recall_is_of_what_really_is() => Should(ModelFigures.Recall(Classes, "fraud"), 30.0 / 42, 42);

    [Test]
    public void F1_is_the_harmonic_mean_of_both() => Should(ModelFigures.F1(Classes, "fraud"), 10.0 / 13, 48);

    [Test]
    public void Errors_of_values_are_means()
    {
        Should(ModelFigures.MeanAbsoluteError(Values), 1, 4);
        Should(ModelFigures.RootMeanSquaredError(Values), 1.2747548783981961, 4);
        Should(ModelFigures.Bias(Values), -0.125, 4);
    }

    [Test]
    public void A_reward_is_a_mean() => Should(ModelFigures.MeanReward(new() { Values = 8, Reward = 3 }), 0.375, 8);

    [Test]
    public void Figures_are_of_the_kind_that_was_told_and_a_sum_of_0_is_one()
    {
        var unclicked = VersionAccuracy.Of("1", new() { Values = 500, Reward = 0 });
        var exact = VersionAccuracy.Of("1", new() { Values = 500, AbsoluteError = 0, SquaredError = 0, PositiveError = 0, NegativeError = 0 });

        (unclicked.Mae, unclicked.Rmse, unclicked.Bias, unclicked.Reward).Should().Be((null, null, null, new Figure(0, 500)));
        (exact.Mae, exact.Rmse, exact.Bias, exact.Reward).Should().Be((new Figure(0, 500), new Figure(0, 500), new Figure(0, 500), null));
    }

    [Test]
    public void Of_servers_that_were_told_different_kinds_there_is_no_mean()
    {
        var both = VersionAccuracy.Of("1", FeedbackWindow.Sum([Values, new() { Values = 500, Reward = 20 }]));

        (both.Mae, both.Rmse, both.Bias, both.Reward).Should().Be((null, null, null, null));
    }

    [Test]
    public void Without_samples_there_is_no_figure()
    {
        var none = new FeedbackWindow();
        Figure[] figures =
        [
            ModelFigures.Accuracy(none), ModelFigures.Precision(Classes, "chargeback"), ModelFigures.Recall(Classes, "chargeback"),
            ModelFigures.F1(Classes, "chargeback"), ModelFigures.MeanAbsoluteError(none), ModelFigures.RootMeanSquaredError(none),
            ModelFigures.Bias(none), ModelFigures.MeanReward(none),
        ];

        figures.Should().OnlyContain(figure => figure.Value == null && figure.Samples == 0);
    }

    [Test]
    public void A_class_that_was_never_predicted_has_a_recall_and_no_precision()
    {
        var missed = new FeedbackWindow { Classes = ["ok", "fraud"], Counts = [[90, 10], [0, 0]], Correct = 90, Wrong = 10 };

        ModelFigures.Precision(missed, "fraud").Should().Be(new Figure(null, 0));
        ModelFigures.Recall(missed, "fraud").Should().Be(new Figure(0, 10));
        ModelFigures.F1(missed, "fraud").Should().Be(new Figure(0, 10));
    }

    private static void Should(Figure figure, double value, long samples)
    {
        figure.Samples.Should().Be(samples);
        figure.Value!.Value.Should().BeApproximately(value, 1e-15);
    }
}
