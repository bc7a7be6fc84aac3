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
    /// <summary>How many pods, and who says so.</summary>
    public required ReplicaPlan Replicas { get; init; }

    /// <summary>Which pods. Null with a fault.</summary>
    public PodTemplatePlan? Template { get; init; }

    private const string NoAddress =
        "spec.autoscaling: engine KEDA asks Prometheus for these metrics, and its address is not known: set spec.autoscaling.keda.serverAddress, or start the operator with --prometheus-url.";

    public static Desired For(Observed observed, DesireSettings settings)
    {
        var model = observed.Model;
        var revision = Desire.Revision.Of(model.Spec);
        var replicas = ReplicaPlan.Of(model.Spec, observed.Deployment);
        if (ModelDeploymentValidator.Validate(model) is { Count: > 0 } errors)
        {
            return new(revision, [], new(Reasons.InvalidSpec, string.Join(" ", errors))) { Replicas = replicas };
        }

        if (ScaledObjectBuilder.LacksAddress(model.Spec, settings.PrometheusUrl))
        {
            return new(revision, [], new(Reasons.PrometheusAddressMissing, NoAddress)) { Replicas = replicas };
        }

        if (settings.Restrictions.Find(model.Spec) is { } forbidden)
        {
            return new(revision, [], forbidden) { Replicas = replicas };
        }

        var context = new DesireContext(model, revision, settings.ServerImage)
        {
            Replicas = replicas,
            Digest = VersionDigest.Of(observed, revision),
            Scalers = observed.Scalers,
            PrometheusUrl = settings.PrometheusUrl,
            RunbookUrl = settings.RunbookUrl,
            OperatorNamespace = settings.OperatorNamespace,
        };

        try
        {
            var rendered = DeploymentBuilder.Template(context);
            if (settings.Restrictions.Find(rendered, settings.ServerImage) is { } refused)
            {
                return new(revision, [], refused) { Replicas = replicas };
            }

            var template = PodTemplatePlan.Of(rendered, observed.Deployment, observed.WasReady, observed.HasUpgradeTurn);
            return new(revision, [.. Build(observed, context, template)], null) { Replicas = replicas, Template = template };
        }
        catch (InvalidPodTemplateException exception)
        {
            return new(revision, [], new(Reasons.InvalidPodTemplate, exception.Message)) { Replicas = replicas };
        }
    }

    /// <summary>In the order in which they are applied: what a pod needs comes before the Deployment.</summary>
    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Build(Observed observed, DesireContext context, PodTemplatePlan template)
    {
        IEnumerable<IKubernetesObject<V1ObjectMeta>?> children =
        [
            ServiceAccountBuilder.Build(context),
            ControllerRevisionBuilder.Build(context, observed.Revisions),
            .. RevisionHistory.Kept(observed, context.Revision).Select(record => ControllerRevisionBuilder.Keep(context.Model, record)),
            RevisionConfigBuilder.Build(context, observed.ConfigOf(context.Revision)),
            .. observed.ConfigsInUse(context.Revision).Select(config => RevisionConfigBuilder.Keep(context.Model, config)),
            LiveConfigBuilder.Build(context),
            DeploymentBuilder.Build(context, template),
            ServiceBuilder.Build(context),
            HeadlessServiceBuilder.Build(context),
            PodDisruptionBudgetBuilder.Build(context),
            NetworkPolicyBuilder.Build(context),
            observed.Scalers.AwaitsEnd ? null : HorizontalPodAutoscalerBuilder.Build(context),
            observed.Scalers.KedaServed ? ScaledObjectBuilder.Build(context) : null,
            observed.Prometheus.MonitorsServed ? ServiceMonitorBuilder.Build(context) : null,
            observed.Prometheus.RulesServed ? PrometheusRuleBuilder.Build(context) : null,
        ];
        return children.OfType<IKubernetesObject<V1ObjectMeta>>();
    }
}
