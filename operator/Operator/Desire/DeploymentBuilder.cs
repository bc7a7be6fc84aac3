using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

internal static class DeploymentBuilder
{
    /// <exception cref="InvalidPodTemplateException">No pod can be built from <c>spec.podTemplate</c>.</exception>
    public static V1PodTemplateSpec Template(DesireContext context) => PodTemplateMerge.Apply(PodTemplateBuilder.Build(context), context.Model.Spec.PodTemplate);

    public static V1Deployment Build(DesireContext context, PodTemplatePlan template) => new()
    {
        ApiVersion = "apps/v1",
        Kind = V1Deployment.KubeKind,
        Metadata = Metadata(context, template),
        Spec = new()
        {
            Replicas = context.Replicas.Stated,
            Selector = new() { MatchLabels = Names.Selector(context.Model.Metadata.Name) },
            RevisionHistoryLimit = 2,
            ProgressDeadlineSeconds = Seconds(GoDuration.Parse((context.Model.Spec.Rollout ?? new()).ProgressDeadline)),
            // No request may fail while pods are replaced, so an old pod leaves only when a new one is ready.
            Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = "25%", MaxUnavailable = 0 } },
            Template = template.Template,
        },
    };

    private static V1ObjectMeta Metadata(DesireContext context, PodTemplatePlan template)
    {
        var metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name);
        metadata.Annotations = new Dictionary<string, string>([.. context.Replicas.Annotations, .. template.Annotations], StringComparer.Ordinal);
        return metadata;
    }

    internal static int Seconds(TimeSpan duration) => (int)Math.Ceiling(duration.TotalSeconds);
}
