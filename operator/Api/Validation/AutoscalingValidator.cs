using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Slipway.Api.Validation;

/// <summary>The rules of <c>spec.autoscaling</c>.</summary>
internal static partial class AutoscalingValidator
{
    private const string Path = "spec.autoscaling";

    public static IEnumerable<FieldError> Validate(ModelDeploymentSpec spec) => spec.Autoscaling is not { } scaling
        ? []
        : [.. Bounds(scaling), .. Metrics(scaling), .. Requests(scaling, spec.Server?.Resources), .. Concurrency(scaling, spec.Server?.MaxConcurrency ?? 0), .. Keda(scaling), .. Behavior(scaling)];

    private static IEnumerable<FieldError> Bounds(AutoscalingSpec scaling)
    {
        var errors = FieldChecks.Number($"{Path}.minReplicas", scaling.MinReplicas, 1, 1000).Concat(FieldChecks.Number($"{Path}.maxReplicas", scaling.MaxReplicas, 1, 1000)).ToList();
        if (errors.Count == 0 && scaling.MinReplicas > scaling.MaxReplicas)
        {
            errors.Add(new($"{Path}.maxReplicas", Invariant($"{scaling.MaxReplicas} is less than minReplicas ({scaling.MinReplicas}).")));
        }

        return [.. errors, .. FieldChecks.Word($"{Path}.engine", scaling.Engine, AutoscalingEngines.Hpa, AutoscalingEngines.Keda)];
    }

    private static IEnumerable<FieldError> Metrics(AutoscalingSpec scaling)
    {
        var metrics = scaling.Metrics;
        if (metrics.Count is 0 or > 5)
        {
            yield return new($"{Path}.metrics", "needs 1 to 5 entries, for example {type: Cpu, target: 70}.");
        }

        for (var i = 0; i < metrics.Count; i++)
        {
            var at = $"{Path}.metrics[{i}]";
            foreach (var error in FieldChecks.Word($"{at}.type", metrics[i].Type, MetricTypes.Cpu, MetricTypes.Memory, MetricTypes.Concurrency, MetricTypes.RequestsPerSecond, MetricTypes.QueueTime)
                .Concat(FieldChecks.Number($"{at}.target", metrics[i].Target, 1, 1_000_000)))
            {
                yield return error;
            }

            if (metrics.Take(i).Any(other => other.Type == metrics[i].Type))
            {
                yield return new($"{at}.type", $"{metrics[i].Type} is there twice.");
            }
        }
    }

    private static IEnumerable<FieldError> Requests(AutoscalingSpec scaling, ResourceRequirements? resources)
    {
        foreach (var (type, name) in ((string, string)[])[(MetricTypes.Cpu, "cpu"), (MetricTypes.Memory, "memory")])
        {
            if (resources is not null && scaling.Metrics.Any(metric => metric.Type == type) && !resources.Requests.ContainsKey(name) && !resources.Limits.ContainsKey(name))
            {
                yield return new($"spec.server.resources.requests.{name}", $"a {type} target is a percentage of this request: state it, or leave resources out.");
            }
        }
    }

    private static IEnumerable<FieldError> Concurrency(AutoscalingSpec scaling, int admitted) => scaling.Metrics.Index()
        .Where(metric => admitted > 0 && metric.Item.Type == MetricTypes.Concurrency && metric.Item.Target >= admitted)
        .Select(metric => new FieldError(
            $"{Path}.metrics[{metric.Index}].target",
            Invariant($"{metric.Item.Target} is not less than spec.server.maxConcurrency ({admitted}): a pod that admits no more never gets above it, and none is added.")));

    private static List<FieldError> Keda(AutoscalingSpec scaling)
    {
        if (scaling.Keda is not { } keda)
        {
            return [];
        }

        var errors = ModelDeploymentValidator.Duration($"{Path}.keda.cooldownPeriod", keda.CooldownPeriod, TimeSpan.Zero, TimeSpan.FromHours(24)).ToList();
        if (!Address().IsMatch(keda.ServerAddress))
        {
            errors.Add(new($"{Path}.keda.serverAddress", $"'{keda.ServerAddress}' is not an address such as http://prometheus.monitoring:9090, without user name, password, query or fragment."));
        }

        if (keda.Fallback is { } fallback)
        {
            errors.AddRange(FieldChecks.Number($"{Path}.keda.fallback.failureThreshold", fallback.FailureThreshold, 1, 1000));
            errors.AddRange(FieldChecks.Number($"{Path}.keda.fallback.replicas", fallback.Replicas, 1, 1000));
            if (!scaling.Metrics.Any(metric => MetricTypes.IsServed(metric.Type)))
            {
                errors.Add(new($"{Path}.keda.fallback", "needs a metric other than Cpu and Memory: KEDA falls back only from what it asks Prometheus for."));
            }
        }

        return errors;
    }

    private static IEnumerable<FieldError> Behavior(AutoscalingSpec scaling)
    {
        if (scaling.Behavior is null)
        {
            return [];
        }

        PassedThrough.Read<V2HorizontalPodAutoscalerBehavior>(scaling.Behavior, $"{Path}.behavior", out var error);
        return error is { } found ? [found] : [];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(https?://[^\s/@?#]+(/[^\s@?#]*)?)?$")]
    private static partial Regex Address();
}
