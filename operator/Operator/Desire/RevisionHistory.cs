using k8s.Models;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Desire;

/// <summary>Which records of older revisions stay.</summary>
internal static class RevisionHistory
{
    /// <summary>Those that a pod or a ReplicaSet uses, and of the others the newest <c>spec.rollout.revisionHistoryLimit</c>.</summary>
    /// <param name="newest">The revision in the spec, which is none of them, whatever somebody labelled its record.</param>
    public static IEnumerable<V1ControllerRevision> Kept(Observed observed, string newest)
    {
        var inUse = observed.RevisionsInUse();
        var own = Names.RevisionRecord(observed.Model.Metadata.Name, newest);
        var older = observed.Revisions
            .Where(record => Observed.RevisionOf(record.Metadata) is { Length: > 0 } revision && revision != newest && record.Metadata.Name != own)
            .OrderByDescending(record => record.Revision)
            .ThenBy(record => record.Metadata.Name, StringComparer.Ordinal)
            .ToLookup(record => inUse.Contains(Observed.RevisionOf(record.Metadata)));
        return older[true].Concat(older[false].Take((observed.Model.Spec.Rollout ?? new()).RevisionHistoryLimit));
    }
}
