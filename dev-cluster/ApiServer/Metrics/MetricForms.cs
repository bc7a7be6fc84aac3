using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Metrics;

/// <summary>Measurements as the API shows them.</summary>
internal static class MetricForms
{
    private const double NanosInOne = 1e9;

    public static JsonObject Values(IEnumerable<JsonObject> values) => List("MetricValueList", MetricResources.CustomGroup, values);

    public static JsonObject Usages(IEnumerable<JsonObject> usages) => List("PodMetricsList", MetricResources.ResourceGroup, usages);

    /// <summary>Null when there is no figure.</summary>
    public static JsonObject? Value(JsonObject pod, string name, PodFigure? figure) => figure is null ? null : new()
    {
        ["describedObject"] = new JsonObject
        {
            ["kind"] = "Pod",
            ["namespace"] = pod.MetaText("namespace"),
            ["name"] = pod.Name(),
            ["apiVersion"] = "/v1",
        },
        ["metricName"] = name,
        ["timestamp"] = Metadata.Time(figure.Time),
        ["windowSeconds"] = (long)figure.Window.TotalSeconds,
        // In thousandths, as adapters tell figures that were computed.
        ["value"] = Quantity(Math.Round(figure.Value * 1000) * (NanosInOne / 1000), Schemas.Quantity.SuffixFamily.Decimal),
        ["selector"] = null,
    };

    /// <summary>Null when there is no usage.</summary>
    public static JsonObject? Usage(JsonObject pod, PodUsage? usage)
    {
        if (usage is null)
        {
            return null;
        }

        var metadata = new JsonObject { ["name"] = pod.Name(), ["namespace"] = pod.MetaText("namespace"), ["creationTimestamp"] = Metadata.Time(usage.Time) };
        if (pod["metadata"]?["labels"] is { } labels)
        {
            metadata["labels"] = labels.DeepClone();
        }

        return new()
        {
            ["metadata"] = metadata,
            ["timestamp"] = Metadata.Time(usage.Time),
            ["window"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Round(usage.Window.TotalSeconds, 3)}s"),
            ["containers"] = new JsonArray([.. usage.Containers.Select(container => new JsonObject
            {
                ["name"] = container.Name,
                ["usage"] = new JsonObject
                {
                    ["cpu"] = Quantity(Math.Round(container.Cores * NanosInOne), Schemas.Quantity.SuffixFamily.Decimal),
                    ["memory"] = Quantity(container.Bytes * NanosInOne, Schemas.Quantity.SuffixFamily.Binary),
                },
            })]),
        };
    }

    private static JsonObject List(string kind, string group, IEnumerable<JsonObject> items) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = $"{group}/{MetricResources.Version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. items]),
    };

    private static string Quantity(double nanos, Quantity.SuffixFamily family) => new Quantity(new BigInteger(nanos), family).ToString();
}
