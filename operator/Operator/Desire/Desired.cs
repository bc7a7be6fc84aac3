using k8s;
using k8s.Models;
using Slipway.Api;
using Slipway.Api.Validation;
using Slipway.Operator.Decide;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Desire;

/// <summary>What should exist for one ModelDeployment.</summary>
/// <param name="Revision">Name of the newest revision.</param>
/// <param name="Children">Objects to apply; what is owned and not in here is pruned.</param>
/// <param name="Fault">Why nothing can be desired; then the children stay as they are. Null when all is well.</param>
internal sealed record Desired(string Revision, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Children, Finding? Fault)
{
    public static Desired For(Observed observed, string serverImage)
    {
        var model = observed.Model;
        var revision = Desire.Revision.Of(model.Spec);
        if (ModelDeploymentValidator.Validate(model) is { Count: > 0 } errors)
        {
            return new(revision, [], new(Reasons.InvalidSpec, string.Join(" ", errors)));
        }

        try
        {
            return new(revision, [.. Build(observed, new(model, revision, serverImage))], null);
        }
        catch (InvalidPodTemplateException exception)
        {
            return new(revision, [], new(Reasons.InvalidPodTemplate, exception.Message));
        }
    }

    /// <summary>In the order in which they are applied: what a pod needs comes before the Deployment.</summary>
    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Build(Observed observed, DesireContext context)
    {
        IEnumerable<IKubernetesObject<V1ObjectMeta>?> children =
        [
            ServiceAccountBuilder.Build(context),
            RevisionConfigBuilder.Build(context, observed.ConfigOf(context.Revision)),
            .. observed.ConfigsInUse(context.Revision).Select(config => RevisionConfigBuilder.Keep(context.Model, config)),
            LiveConfigBuilder.Build(context),
            DeploymentBuilder.Build(context),
            ServiceBuilder.Build(context),
            HeadlessServiceBuilder.Build(context),
            PodDisruptionBudgetBuilder.Build(context),
        ];
        return children.OfType<IKubernetesObject<V1ObjectMeta>>();
    }
}
