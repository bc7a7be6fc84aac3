using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Decide;

/// <summary>What a decision is made from: what was seen, what was wanted, and what became of applying it.</summary>
internal sealed record Situation(Observed Observed, Desired Desired, IReadOnlyList<ApplyProblem> Problems)
{
    /// <summary>The API server no longer knew a kind when a child of it was applied, which nobody who observed could tell.</summary>
    public bool Lost(string childKind) => Problems.Any(problem => problem.Kind == ApplyProblemKind.KindMissing && problem.ChildKind == childKind);
}
