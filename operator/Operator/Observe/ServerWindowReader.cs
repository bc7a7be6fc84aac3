using System.Globalization;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>Asks a server for its <c>/window</c>.</summary>
internal sealed class ServerWindowReader(HttpClient client, TimeProvider clock, ILogger<ServerWindowReader> logger)
    : ManagementReader(client, logger, new SemaphoreSlim(AtATime))
{
    /// <summary>Answers that are read at the same time, of all models: one at its worst takes 20 MB.</summary>
    public const int AtATime = 8;

    /// <summary>Longest time until an answer begins, and from when it is read until it ends.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Most bytes of an answer that are read. A hundred features with short names of bins take a tenth of it; with the longest ones, all escaped, beside
    /// feedback of as many versions and classes as there may be, four fifths.
    /// </summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    private const long SecondsOfMinute = 60;

    /// <summary>No name, bin or period is longer: twice what a baseline may have.</summary>
    private const int LongestName = 256;

    /// <summary>No count of one pod is larger: more have no room in a sum over all pods that there may be.</summary>
    private const long MostCounted = 1L << 45;

    /// <summary>
    /// No sum of errors or rewards is larger: squares of the largest errors that a server takes are 10^200. What several servers tell stays a
    /// number then when it is added up.
    /// </summary>
    private const double MaxSum = 1e300;

    /// <summary>
    /// Asks for what was counted in so long a time until now, or up to a minute and a second more, as minutes fall. Null when the server did not give
    /// a readable answer in time.
    /// </summary>
    public Task<ServerWindow?> ReadAsync(string podIP, TimeSpan length, CancellationToken cancellationToken)
    {
        // Seconds are cut, and what runs counts in a window alone that reaches to now: else requests would be told a minute late, and feedback ten.
        var (now, beyond) = (clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        // Only whole minutes are told. One that is cut would be missing, so that an answer would hardly ever cover what was asked; nor would it where the server's clock is a little behind.
        var first = (now - length - beyond).ToUnixTimeSeconds() / SecondsOfMinute * SecondsOfMinute;
        return GetAsync<ServerWindow>(
            podIP,
            string.Create(CultureInfo.InvariantCulture, $"{ServerContract.WindowPath}?from={first}&to={(now + beyond).ToUnixTimeSeconds()}"),
            IsWhole,
            cancellationToken);
    }

    /// <summary>
    /// The serializer lets null pass as an element of a list, and lists that belong together be of different lengths. Features are kept while the other
    /// pods answer, so that there may be no more of them than of a server's.
    /// </summary>
    private static bool IsWhole(ServerWindow window) => window.Versions.All(version =>
        version is { Features.Count: <= VersionWindow.MostFeatures } && version.Features.All(IsWhole) && (version.Feedback is null || IsWhole(version.Feedback)));

    private static bool IsWhole(FeatureWindow feature) =>
        feature is { Bins.Count: > 0 and <= FeatureWindow.MostBins, Name.Length: <= LongestName, Seasonality: null or { Length: <= LongestName } }
        && feature.Bins.Count == feature.Counts.Count && feature.Bins.Count == feature.Expected.Count
        && feature.Counts.All(IsCount) && feature.Expected.All(ratio => ratio is >= 0 and <= 1) && feature.Bins.All(bin => bin is { Length: <= LongestName });

    private static bool IsWhole(FeedbackWindow told) =>
        told.Classes.All(name => name is not null) && told.Counts.Count == told.Classes.Count && told.Counts.All(row => row?.Count == told.Classes.Count && row.All(IsCount))
        && IsCount(told.Correct) && IsCount(told.Wrong) && IsCount(told.Values)
        && IsSum(told.AbsoluteError) && IsSum(told.SquaredError) && IsSum(told.PositiveError) && IsSum(told.NegativeError) && IsSum(told.Reward);

    private static bool IsCount(long count) => count is >= 0 and <= MostCounted;

    private static bool IsSum(double? sum) => sum is null or (>= 0 and <= MaxSum);
}
