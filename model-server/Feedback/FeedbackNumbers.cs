namespace Slipway.ModelServer.Feedback;

/// <summary>The sums of feedback that are one number each. Errors are predicted − actual.</summary>
/// <param name="Values">Values, or rewards.</param>
/// <param name="NegativeError">How far predictions were too low, as a number that is not negative.</param>
internal readonly record struct FeedbackNumbers(
    long Correct, long Wrong, long Values, double AbsoluteError, double SquaredError, double PositiveError, double NegativeError, double Reward)
{
    public static FeedbackNumbers operator +(FeedbackNumbers left, FeedbackNumbers right) => new(
        left.Correct + right.Correct,
        left.Wrong + right.Wrong,
        left.Values + right.Values,
        left.AbsoluteError + right.AbsoluteError,
        left.SquaredError + right.SquaredError,
        left.PositiveError + right.PositiveError,
        left.NegativeError + right.NegativeError,
        left.Reward + right.Reward);

    public static FeedbackNumbers Of(in FeedbackItem item) => item.Kind switch
    {
        FeedbackKind.Class => item.Predicted == item.Actual ? new() { Correct = 1 } : new() { Wrong = 1 },
        FeedbackKind.Value => new()
        {
            Values = 1,
            AbsoluteError = Math.Abs(item.Amount),
            SquaredError = item.Amount * item.Amount,
            PositiveError = Math.Max(0, item.Amount),
            NegativeError = Math.Max(0, -item.Amount),
        },
        FeedbackKind.Reward => new() { Values = 1, Reward = item.Amount },
        _ => throw new ArgumentOutOfRangeException(nameof(item), item.Kind, "is no kind of feedback"),
    };
}
