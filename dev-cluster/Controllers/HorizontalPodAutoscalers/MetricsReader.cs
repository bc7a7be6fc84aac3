using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>Reads figures of pods from the APIs of metrics.</summary>
internal sealed class MetricsReader(ApiCall api)
{
    private const int Thousandths = 1000;
    private static readonly TimeSpan StandardWindow = TimeSpan.FromMinutes(1);

    /// <summary>What each pod uses of a resource, in one container or in all; a pod of which a part is not known is left out.</summary>
    /// <exception cref="MetricUnavailableException">Nobody tells.</exception>
    public async Task<IReadOnlyDictionary<string, PodMetric>> ResourceAsync(string ns, string selector, string resource, string? container, CancellationToken cancellationToken)
    {
        var items = await ItemsAsync($"apis/metrics.k8s.io/v1beta1/namespaces/{ns}/pods?labelSelector={Uri.EscapeDataString(selector)}", "resource", "the server could not find the requested resource (get pods.metrics.k8s.io)", cancellationToken);
        var used = new Dictionary<string, PodMetric>();
        foreach (var item in items)
        {
            var name = (string)item["metadata"]!["name"]!;
            var containers = item["containers"]!.AsArray().Where(one => container is null || (string?)one!["name"] == container).ToList();
            if (container is not null && containers.Count == 0)
            {
                throw new MetricUnavailableException($"failed to get container metrics: container {container} not present in metrics for pod {ns}/{name}");
            }

            var values = containers.Select(one => (string?)one!["usage"]?[resource]).ToList();
            if (!values.Contains(null))
            {
                used.Add(name, new(values.Sum(value => InThousandths(value!)), Time(item), Window((string?)item["window"])));
            }
        }

        return used;
    }

    /// <summary>A figure of each pod by its name.</summary>
    /// <exception cref="MetricUnavailableException">Nobody tells.</exception>
    public async Task<IReadOnlyDictionary<string, PodMetric>> PodsAsync(string ns, string selector, V2MetricIdentifier metric, CancellationToken cancellationToken)
    {
        if (metric.Selector is not null)
        {
            throw new MetricUnavailableException("this cluster serves no metrics with labels: leave the selector out of the metric");
        }

        var items = await ItemsAsync(
            $"apis/custom.metrics.k8s.io/v1beta1/namespaces/{ns}/pods/*/{Uri.EscapeDataString(metric.Name)}?labelSelector={Uri.EscapeDataString(selector)}",
            "custom",
            "no custom metrics API (custom.metrics.k8s.io) registered",
            cancellationToken);
        return items.ToDictionary(
            item => (string)item["describedObject"]!["name"]!,
            item => new PodMetric(
                InThousandths((string)item["value"]!), Time(item), item["windowSeconds"] is { } seconds ? TimeSpan.FromSeconds((long)seconds) : StandardWindow));
    }

    /// <param name="path">What is asked for.</param>
    /// <param name="source">Which API of metrics.</param>
    /// <param name="absent">What to say when nobody serves it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    private async Task<IReadOnlyList<JsonNode>> ItemsAsync(string path, string source, string absent, CancellationToken cancellationToken)
    {
        try
        {
            var list = await api.SendAsync(HttpMethod.Get, path, null, cancellationToken);
            return list["items"]!.AsArray() is { Count: > 0 } items ? [.. items.OfType<JsonNode>()] : throw new MetricUnavailableException($"no metrics returned from {source} metrics API");
        }
        catch (ApiRefusalException exception)
        {
            // A group that is not there is denied in prose, a metric in a Status.
            throw new MetricUnavailableException($"unable to fetch metrics from {source} metrics API: {(exception.IsPathUnknown ? absent : exception.Message)}", exception);
        }
    }

    private static long InThousandths(string quantity) => (long)Math.Ceiling(new ResourceQuantity(quantity).ToDecimal() * Thousandths);

    private static DateTimeOffset Time(JsonNode item) => DateTimeOffset.Parse((string)item["timestamp"]!, CultureInfo.InvariantCulture);

    /// <summary>Whole and broken seconds, as metrics servers write them.</summary>
    private static TimeSpan Window(string? text) =>
        text is not null && text.EndsWith('s') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : StandardWindow;
}
