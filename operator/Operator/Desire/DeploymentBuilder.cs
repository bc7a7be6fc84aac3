using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

internal static class DeploymentBuilder
{
    /// <exception cref="InvalidPodTemplateException">No pod can be built from <c>spec.podTemplate</c>.</exception>
    public static V1Deployment Build(DesireContext context) => new()
    {
        ApiVersion = "apps/v1",
        Kind = V1Deployment.KubeKind,
        Metadata = Metadata(context),
        Spec = new()
        {
            Replicas = context.Replicas.Stated,
            Selector = new() { MatchLabels = Names.Selector(context.Model.Metadata.Name) },
            RevisionHistoryLimit = 2,
            ProgressDeadlineSeconds = Seconds(GoDuration.Parse((context.Model.Spec.Rollout ?? new()).ProgressDeadline)),
            // No request may fail while pods are replaced, so an old pod leaves only when a new one is ready.
            Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = "25%", MaxUnavailable = 0 } },
            Template = PodTemplateMerge.Apply(PodTemplateBuilder.Build(context), context.Model.Spec.PodTemplate),
        },
    };

    private static V1ObjectMeta Metadata(DesireContext context)
    {
        var metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name);
        metadata.Annotations = context.Replicas.Annotations.Count > 0 ? new Dictionary<string, string>(context.Replicas.Annotations) : null;
        return metadata;
    }

    internal static int Seconds(TimeSpan duration) => (int)Math.Ceiling(duration.TotalSeconds);
}
