namespace Slipway.Runtime;

/// <summary>What became of one child; the default is that it was right already.</summary>
/// <param name="Problem">Null means that the child is in place.</param>
/// <param name="RetryAfter">When a contested field may be put back.</param>
internal readonly record struct ChildOutcome(bool Written, ApplyProblem? Problem, TimeSpan? RetryAfter)
{
    /// <summary>No other child can be put in place either.</summary>
    public bool EndsRound { get; init; }
}
