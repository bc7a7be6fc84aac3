using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>The annotations that Deployments and their ReplicaSets keep about revisions and sizes.</summary>
internal static class Revisions
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string History = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    private static readonly HashSet<string> NotCopied =
        ["kubectl.kubernetes.io/last-applied-configuration", Revision, History, DesiredReplicas, MaxReplicas, "deprecated.deployment.rollback.to"];

    public static long Of(V1ObjectMeta metadata) =>
        metadata.Annotations?.TryGetValue(Revision, out var text) == true && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>The annotations of a ReplicaSet: the Deployment's, its sizes, and <paramref name="revision"/> unless it has a newer one.</summary>
    public static Dictionary<string, string> Annotations(V1Deployment deployment, V1ReplicaSet? set, long revision)
    {
        var result = new Dictionary<string, string>(set?.Metadata.Annotations ?? new Dictionary<string, string>());
        foreach (var (key, value) in deployment.Metadata.Annotations ?? new Dictionary<string, string>())
        {
            if (!NotCopied.Contains(key))
            {
                result[key] = value;
            }
        }

        var known = set is null ? 0 : Of(set.Metadata);
        if (known < revision)
        {
            if (known > 0)
            {
                var before = result.TryGetValue(History, out var history) ? history + "," : "";
                result[History] = before + known.ToString(CultureInfo.InvariantCulture);
            }

            result[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        }

        return WithSizes(deployment, result);
    }

    public static Dictionary<string, string> WithSizes(V1Deployment deployment, IDictionary<string, string>? annotations)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        return new(annotations ?? new Dictionary<string, string>())
        {
            [DesiredReplicas] = wanted.ToString(CultureInfo.InvariantCulture),
            [MaxReplicas] = (wanted + Surge.Of(deployment).MaxSurge).ToString(CultureInfo.InvariantCulture),
        };
    }

    public static bool Same(IDictionary<string, string>? left, IDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0)
        && (left ?? new Dictionary<string, string>()).All(pair => right!.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
