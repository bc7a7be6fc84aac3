using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Drift;

/// <summary>The drift series of one look at <c>/metrics</c>.</summary>
internal sealed partial class DriftScrape
{
    private readonly List<(string Name, string Version, string Feature, string Bin, double Value)> _series;

    private DriftScrape(string text) => _series =
    [
        .. Series().Matches(text).Select(match => (
            match.Groups["name"].Value, Label(match, "version"), Label(match, "feature"), Label(match, "bin"),
            double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture))),
    ];

    public int Observations => Named("observations_total").Count();

    public int Ratios => Named("expected_ratio").Count();

    public IEnumerable<string> Versions => _series.Select(each => each.Version).Distinct();

    public double Total => Named("observations_total").Sum(each => each.Value);

    public static async Task<DriftScrape> OfAsync(TestServer server, CancellationToken cancellationToken) =>
        new(await server.Management.GetStringAsync("/metrics", cancellationToken));

    /// <summary>Looks until what is wanted is there: an answer to a scrape is used again for a moment.</summary>
    public static async Task<DriftScrape> UntilAsync(TestServer server, Func<DriftScrape, bool> isThere, CancellationToken cancellationToken)
    {
        DriftScrape scrape;
        do
        {
            scrape = await OfAsync(server, cancellationToken);
        }
        while (!isThere(scrape));
        return scrape;
    }

    /// <summary>The bins of a feature that were met, and how often.</summary>
    public string Seen(string feature, string version = "1") => string.Join(' ', Named("observations_total")
        .Where(each => each.Feature == feature && each.Version == version && each.Value > 0)
        .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Bin}:{each.Value}")));

    public string Expected(string feature) => string.Join(' ', Named("expected_ratio")
        .Where(each => each.Feature == feature)
        .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Bin}:{each.Value}")));

    private IEnumerable<(string Name, string Version, string Feature, string Bin, double Value)> Named(string name) => _series.Where(each => each.Name == name);

    private static string Label(Match series, string name) =>
        Regex.Match(series.Groups["labels"].Value, $"{name}=\"(?<value>[^\"]*)\"").Groups["value"].Value;

    [GeneratedRegex("^slipway_drift_(?<name>\\w+)\\{(?<labels>.*)\\} (?<value>\\S+)$", RegexOptions.Multiline)]
    private static partial Regex Series();
}
