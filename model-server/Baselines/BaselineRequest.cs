namespace Slipway.ModelServer.Baselines;

/// <summary>What a baseline is made of.</summary>
/// <param name="Data">A file of training rows.</param>
/// <param name="Labels">Its columns that are no inputs.</param>
/// <param name="Features">The features that are wanted, by their names in metrics; empty for all.</param>
/// <param name="Seasonality">By the names of features in metrics, the period in which their distribution comes round.</param>
internal sealed record BaselineRequest(
    string Data, IReadOnlyList<string> Labels, IReadOnlyList<string> Features, IReadOnlyDictionary<string, string> Seasonality);
