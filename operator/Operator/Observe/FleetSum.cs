using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>
/// Adds up what the pods of one version counted, as their answers come and from several threads. No answer is kept, so that a model takes the memory of
/// one, however many pods it has.
/// </summary>
/// <param name="length">Of the stretch that was asked for.</param>
internal sealed class FleetSum(TimeSpan length)
{
    /// <summary>What may lack of a stretch because clocks differ.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FeatureWindow> _features = new(StringComparer.Ordinal);
    private string? _version;
    private double _covered;
    private int _answered;
    private bool _isMemoryFull;

    public void Add(ServerWindow answer)
    {
        lock (_lock)
        {
            _answered++;
            _covered += Math.Clamp((answer.To - answer.From) / length, 0, 1);
            _version ??= answer.Versions.FirstOrDefault(known => known.Features.Count > 0)?.Version;
            var own = answer.Versions.Where(known => known.Version == _version).ToList();
            _isMemoryFull |= length - (answer.To - answer.From) > Slack && own.Exists(known => known.Since < answer.From);
            // Names that come again would be counted more than once of one pod, and sums over all pods would have no room for that.
            foreach (var feature in own.SelectMany(known => known.Features).DistinctBy(feature => feature.Name, StringComparer.Ordinal))
            {
                Add(feature);
            }
        }
    }

    /// <param name="asked">Pods that were asked.</param>
    public FleetWindow Total(int asked)
    {
        lock (_lock)
        {
            return new([.. _features.Values.Select(FleetFeature.Of)], asked == 0 ? 0 : _covered / asked, asked, _answered, _isMemoryFull);
        }
    }

    private void Add(FeatureWindow feature)
    {
        if (_features.TryGetValue(feature.Name, out var sum))
        {
            _features[feature.Name] = FeatureWindow.Sum([sum, feature]);
        }
        else if (_features.Count < VersionWindow.MostFeatures)
        {
            _features.Add(feature.Name, feature);
        }
    }
}
