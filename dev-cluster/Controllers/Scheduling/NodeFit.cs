using k8s.Models;

namespace Slipway.DevCluster.Controllers.Scheduling;

/// <summary>Whether a node can take a pod; the answer is the scheduler's words for why not, null when it can.</summary>
internal static class NodeFit
{
    public const string Affinity = "node(s) didn't match Pod's node affinity/selector";
    private const string Unschedulable = "node(s) were unschedulable";

    public static string? Refusal(V1Pod pod, V1Node node, IReadOnlyList<V1Pod> onNode)
    {
        var labels = node.Metadata.Labels ?? new Dictionary<string, string>();
        if (node.Spec?.Unschedulable == true)
        {
            return Unschedulable;
        }

        if (Taint(pod, node) is { } taint)
        {
            return $"node(s) had untolerated taint(s) {{{taint.Key}: {taint.Value}}}";
        }

        return pod.Spec.NodeSelector is { Count: > 0 } selector && !selector.Matches(labels) ? Affinity
            : !MatchesAffinity(pod, node, labels) ? Affinity
            : Resources(pod, node, onNode);
    }

    private static V1Taint? Taint(V1Pod pod, V1Node node) => node.Spec?.Taints?.FirstOrDefault(taint =>
        taint.Effect is "NoSchedule" or "NoExecute"
        && pod.Spec.Tolerations?.Any(tolerated => (string.IsNullOrEmpty(tolerated.Effect) || tolerated.Effect == taint.Effect)
            && (string.IsNullOrEmpty(tolerated.Key) ? tolerated.OperatorProperty == "Exists" : tolerated.Key == taint.Key)
            && (tolerated.OperatorProperty == "Exists" || (tolerated.Value ?? "") == (taint.Value ?? ""))) != true);

    private static bool MatchesAffinity(V1Pod pod, V1Node node, IDictionary<string, string> labels)
    {
        var terms = pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms;
        return terms is null || terms.Any(term =>
            (term.MatchExpressions ?? []).All(rule => Selectors.Matches(rule.OperatorProperty, labels.TryGetValue(rule.Key, out var value) ? value : null, rule.Values))
            && (term.MatchFields ?? []).All(rule => Selectors.Matches(rule.OperatorProperty, rule.Key == "metadata.name" ? node.Metadata.Name : null, rule.Values)));
    }

    private static string? Resources(V1Pod pod, V1Node node, IReadOnlyList<V1Pod> onNode)
    {
        var offered = node.Status?.Allocatable ?? new Dictionary<string, ResourceQuantity>();
        if (offered.TryGetValue("pods", out var most) && onNode.Count >= most.ToDecimal())
        {
            return "Too many pods";
        }

        var short_ = Requests(pod).Where(request => request.Value > 0
            && request.Value + onNode.Sum(other => Requests(other).GetValueOrDefault(request.Key)) > (offered.TryGetValue(request.Key, out var quantity) ? quantity.ToDecimal() : 0));
        return string.Join(", ", short_.Select(request => $"Insufficient {request.Key}").Order(StringComparer.Ordinal)) is { Length: > 0 } words ? words : null;
    }

    /// <summary>All containers together, or the largest init container where that is more.</summary>
    private static Dictionary<string, decimal> Requests(V1Pod pod)
    {
        var sum = pod.Spec.Containers.SelectMany(Of).GroupBy(request => request.Key).ToDictionary(group => group.Key, group => group.Sum(request => request.Value.ToDecimal()));
        foreach (var (name, quantity) in (pod.Spec.InitContainers ?? []).SelectMany(Of))
        {
            sum[name] = Math.Max(sum.GetValueOrDefault(name), quantity.ToDecimal());
        }

        return sum;
    }

    private static IEnumerable<KeyValuePair<string, ResourceQuantity>> Of(V1Container container) =>
        container.Resources?.Requests ?? new Dictionary<string, ResourceQuantity>();
}
