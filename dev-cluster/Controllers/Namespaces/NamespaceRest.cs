using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Namespaces;

/// <summary>What was left in a namespace after a round of deletions: objects by resource (<c>deployments.apps</c>, <c>pods.</c>), and finalizers that hold them.</summary>
internal sealed record NamespaceRest(IReadOnlyDictionary<string, int> Objects, IReadOnlyDictionary<string, int> Finalizers)
{
    public bool IsEmpty => Objects.Count == 0;

    /// <summary>The conditions by which a deleted namespace says how far it is; transition times move with the status alone.</summary>
    public IList<V1NamespaceCondition> Conditions(IEnumerable<V1NamespaceCondition>? earlier, DateTime now)
    {
        var known = (earlier ?? []).ToDictionary(condition => condition.Type);
        V1NamespaceCondition Condition(string type, bool holds, string reason, string message)
        {
            var status = holds ? "True" : "False";
            var since = known.GetValueOrDefault(type) is { } old && old.Status == status ? old.LastTransitionTime : now;
            return new() { Type = type, Status = status, LastTransitionTime = since, Reason = reason, Message = message };
        }

        return
        [
            Condition("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            Condition("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            Condition("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            Objects.Count > 0
                ? Condition("NamespaceContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {Counted(Objects, "has")}")
                : Condition("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed"),
            Finalizers.Count > 0
                ? Condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", $"Some content in the namespace has finalizers remaining: {Counted(Finalizers, "in")}")
                : Condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        ];
    }

    private static string Counted(IReadOnlyDictionary<string, int> counts, string verb) => string.Join(
        ", ",
        counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {verb} {pair.Value} resource instances")));
}
