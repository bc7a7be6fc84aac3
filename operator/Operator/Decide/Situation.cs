using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Decide;

/// <summary>What a decision is made from: what was seen, what was wanted, and what became of applying it.</summary>
internal sealed record Situation(Observed Observed, Desired Desired, IReadOnlyList<ApplyProblem> Problems);
