namespace Slipway.ModelServer.Telemetry;

/// <summary>Upper bounds of histogram buckets.</summary>
internal static class Buckets
{
    /// <summary>Of durations: 100 µs to 60 s, five a decade.</summary>
    public static readonly IReadOnlyList<double> Seconds =
    [
        0.0001, 0.00016, 0.00025, 0.0004, 0.00063,
        0.001, 0.0016, 0.0025, 0.004, 0.0063,
        0.01, 0.016, 0.025, 0.04, 0.063,
        0.1, 0.16, 0.25, 0.4, 0.63,
        1, 1.6, 2.5, 4, 6.3,
        10, 16, 25, 40, 60,
    ];

    /// <summary>Of numbers of rows: powers of two to 1,024.</summary>
    public static readonly IReadOnlyList<double> Rows = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
}
