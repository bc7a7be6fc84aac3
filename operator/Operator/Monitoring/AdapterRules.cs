using k8s;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Monitoring;

/// <summary>The server's figures at custom.metrics.k8s.io, as values of prometheus-adapter's chart; ours ships them as a file.</summary>
internal static class AdapterRules
{
    /// <summary>Below the root of the repository.</summary>
    public const string Path = "charts/slipway/files/prometheus-adapter.yaml";

    /// <summary>As it is checked in.</summary>
    public static string Render() =>
        "# Values for prometheus-adapter's chart. Generated from operator/Operator by ./build.sh generate; do not edit.\n"
        + KubernetesYaml.Serialize(new AdapterValues(new([.. ScalingFigure.All.Select(Build)]))).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    // All are found by the one series that every pod has from its start on.
    private static AdapterRule Build(ScalingFigure figure) => new(
        $"{ServerContract.Metrics.Requests}{{namespace!=\"\",pod!=\"\"}}",
        new(new Dictionary<string, AdapterResource> { ["namespace"] = new("namespace"), ["pod"] = new("pod") }),
        new(figure.Name),
        figure.PerPod("<<.LabelMatchers>>", "<<.GroupBy>>"));
}

internal sealed record AdapterValues(AdapterRuleSet Rules);

internal sealed record AdapterRuleSet(IReadOnlyList<AdapterRule> Custom);

/// <param name="SeriesQuery">Of which series the metric is.</param>
/// <param name="Resources">Which labels name which objects.</param>
/// <param name="Name">Of the metric.</param>
/// <param name="MetricsQuery">Its value, in PromQL with the adapter's placeholders.</param>
internal sealed record AdapterRule(string SeriesQuery, AdapterResources Resources, AdapterName Name, string MetricsQuery);

internal sealed record AdapterResources(IReadOnlyDictionary<string, AdapterResource> Overrides);

internal sealed record AdapterResource(string Resource);

internal sealed record AdapterName(string As);
