using Slipway.Api;

namespace Slipway.Operator.Decide;

/// <summary>One thing that keeps a ModelDeployment from being ready, in the user's words.</summary>
internal sealed record Finding(Reason Reason, string Message);
