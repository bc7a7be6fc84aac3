namespace Slipway.ModelServer.DriftReports;

/// <summary>What is compared with a baseline, and what counts as drift.</summary>
/// <param name="Data">A file of rows.</param>
/// <param name="BaselineFile">Where the baseline was read from, for messages.</param>
/// <param name="Labels">Columns of the data that are no inputs.</param>
/// <param name="Threshold">The population stability index above which a feature has drifted.</param>
/// <param name="MinSamples">Rows below which nothing is said of a feature.</param>
/// <param name="Window">The stretch of time that the rows are of; null when it covers every period that features come round in.</param>
internal sealed record DriftRequest(string Data, string BaselineFile, IReadOnlyList<string> Labels, double Threshold, int MinSamples, TimeSpan? Window);
