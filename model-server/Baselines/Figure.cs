using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Baselines;

/// <summary>One figure of a row of a tensor, which becomes a feature of the baseline.</summary>
internal sealed record Figure(string Name, FeatureKind Kind, FeatureMeasure Measure = FeatureMeasure.Value, int Column = 0);
