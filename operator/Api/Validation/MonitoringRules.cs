namespace Slipway.Api.Validation;

/// <summary>The bounds of monitoring, in the words of the CRD; its validator uses the same.</summary>
internal static class MonitoringRules
{
    public const int MostLabels = 16;
    public const int MostFeatures = 100;

    /// <summary>A name of baseline.json, with the prefix of outputs.</summary>
    public const int LongestFeature = 135;
    public const int LongestClass = 128;
    public const int MostSamples = 100_000_000;
    public const double MostValue = 1e9;

    public const string LabelValue = "^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$";

    /// <summary>A name of at most 63 characters, after an optional DNS subdomain.</summary>
    public const string LabelName = "^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$";

    // CEL's lists of the words for which AccuracyMetrics has questions.
    public const string Errors = "['MAE', 'RMSE']";
    public const string OfOneClass = "['Precision', 'Recall', 'F1']";
}
