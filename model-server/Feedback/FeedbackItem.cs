namespace Slipway.ModelServer.Feedback;

/// <summary>What is told of a prediction.</summary>
internal enum FeedbackKind
{
    /// <summary>Which class was predicted, and which was right.</summary>
    Class,

    /// <summary>Which number was predicted, and which was right.</summary>
    Value,

    /// <summary>What the prediction was worth.</summary>
    Reward,
}

/// <summary>What a sender tells of one prediction.</summary>
/// <param name="Id">Names the prediction, so that it counts once; empty when it has no name.</param>
/// <param name="Predicted">Of <see cref="FeedbackKind.Class"/>, else empty.</param>
/// <param name="Actual">As <paramref name="Predicted"/>.</param>
/// <param name="Amount">Predicted − actual of <see cref="FeedbackKind.Value"/>, or the reward.</param>
internal readonly record struct FeedbackItem(FeedbackKind Kind, string Id, string Predicted, string Actual, double Amount)
{
    public static FeedbackItem Class(string id, string predicted, string actual) => new(FeedbackKind.Class, id, predicted, actual, 0);

    public static FeedbackItem Value(string id, double predicted, double actual) => new(FeedbackKind.Value, id, "", "", predicted - actual);

    public static FeedbackItem Reward(string id, double reward) => new(FeedbackKind.Reward, id, "", "", reward);
}

/// <summary>What became of the items of one body.</summary>
/// <param name="Duplicates">Items that were passed over, since their id had been counted already.</param>
internal sealed record FeedbackReceipt(int Accepted, int Duplicates);
