using System.Numerics;
using k8s.Models;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>Reads one figure of an autoscaler and computes what it asks for.</summary>
internal sealed class MetricEvaluator(MetricsReader reader)
{
    private const int Thousandths = 1000;
    private static readonly BigInteger NanosInThousandth = 1_000_000;

    /// <summary>Never throws for a figure that cannot be read: that is an answer too.</summary>
    public async Task<MetricAnswer> EvaluateAsync(V2MetricSpec metric, ReplicaCalculator calculator, string ns, string selector, CancellationToken cancellationToken)
    {
        try
        {
            return metric.Type switch
            {
                "Resource" => await ResourceAsync(
                    metric.Resource.Name, null, metric.Resource.Target, calculator, ns, selector, value => new() { Type = metric.Type, Resource = new() { Name = metric.Resource.Name, Current = value } }, cancellationToken),
                "ContainerResource" => await ResourceAsync(
                    metric.ContainerResource.Name,
                    metric.ContainerResource.Container,
                    metric.ContainerResource.Target,
                    calculator,
                    ns,
                    selector,
                    value => new() { Type = metric.Type, ContainerResource = new() { Name = metric.ContainerResource.Name, Container = metric.ContainerResource.Container, Current = value } },
                    cancellationToken),
                "Pods" => await PodsAsync(metric, calculator, ns, selector, cancellationToken),
                "Object" => throw new MetricUnavailableException($"unable to get metric {metric.ObjectProperty.Metric.Name}: this cluster serves metrics of pods only"),
                "External" => throw new MetricUnavailableException($"unable to get external metric {ns}/{metric.External.Metric.Name}: this cluster serves no external metrics"),
                _ => throw new MetricUnavailableException($"unknown metric source type \"{metric.Type}\""),
            };
        }
        catch (MetricUnavailableException exception)
        {
            return MetricAnswer.Failed(metric, exception.Message);
        }
    }

    private async Task<MetricAnswer> PodsAsync(V2MetricSpec metric, ReplicaCalculator calculator, string ns, string selector, CancellationToken cancellationToken)
    {
        var name = metric.Pods.Metric.Name;
        var target = metric.Pods.Target.AverageValue ?? throw new MetricUnavailableException($"invalid pods metric source: the target of {name} has no averageValue");
        var values = await ReadAsync(() => reader.PodsAsync(ns, selector, metric.Pods.Metric, cancellationToken), $"unable to get metric {name}");
        var proposal = calculator.ForAverage(values, InThousandths(target), isCpu: false);
        return new(proposal.Replicas, $"pods metric {name}", new() { Type = metric.Type, Pods = new() { Metric = metric.Pods.Metric, Current = new() { AverageValue = Quantity(proposal.Average) } } });
    }

    private async Task<MetricAnswer> ResourceAsync(
        string resource,
        string? container,
        V2MetricTarget target,
        ReplicaCalculator calculator,
        string ns,
        string selector,
        Func<V2MetricValueStatus, V2MetricStatus> status,
        CancellationToken cancellationToken)
    {
        var isUtilization = target.AverageValue is null;
        try
        {
            var values = await ReadAsync(() => reader.ResourceAsync(ns, selector, resource, container, cancellationToken), $"unable to get metrics for resource {resource}");
            var proposal = target.AverageValue is { } average
                ? calculator.ForAverage(values, InThousandths(average), isCpu: resource == "cpu")
                : calculator.ForUtilization(values, target.AverageUtilization ?? throw NoTarget(), resource, container);
            var kind = container is null ? "resource" : "container resource";
            return new(
                proposal.Replicas,
                isUtilization ? $"{resource} {kind} utilization (percentage of request)" : $"{resource} {kind}",
                status(new() { AverageUtilization = proposal.Utilization, AverageValue = Quantity(proposal.Average) }));
        }
        catch (MetricUnavailableException exception)
        {
            throw new MetricUnavailableException($"failed to get {resource} {(isUtilization ? "utilization" : "usage")}: {exception.Message}", exception);
        }
    }

    private static async Task<IReadOnlyDictionary<string, PodMetric>> ReadAsync(Func<Task<IReadOnlyDictionary<string, PodMetric>>> read, string failure)
    {
        try
        {
            return await read();
        }
        catch (MetricUnavailableException exception)
        {
            throw new MetricUnavailableException($"{failure}: {exception.Message}", exception);
        }
    }

    private static MetricUnavailableException NoTarget() =>
        new("invalid resource metric source: neither an average utilization target nor an average value (usage) target was set");

    private static long InThousandths(ResourceQuantity quantity) => Math.Max(1, (long)Math.Ceiling(quantity.ToDecimal() * Thousandths));

    private static ResourceQuantity Quantity(long thousandths) => new(new Quantity(thousandths * NanosInThousandth, ApiServer.Schemas.Quantity.SuffixFamily.Decimal).ToString());
}
