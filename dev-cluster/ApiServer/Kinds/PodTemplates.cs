using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>What the kinds that keep pods by a template and a selector have in common.</summary>
internal static class PodTemplates
{
    private const string Labels = "spec.template.metadata.labels";

    /// <summary>Replicas, selector and template; <paramref name="kind"/> as sentences name it: "deployment".</summary>
    public static void Check(JsonObject spec, string kind, Findings errors)
    {
        var (selector, template) = (spec.Object("selector"), spec.Object("template"));
        errors.NotNegative("spec.replicas", spec["replicas"]);
        if (selector is null)
        {
            errors.Required("spec.selector");
        }
        else
        {
            LabelSelectors.Check(selector, "spec.selector", errors);
            if (LabelSelectors.IsEmpty(selector))
            {
                errors.Invalid("spec.selector", selector, $"empty selector is invalid for {kind}");
            }
        }

        var labels = template.Object("metadata").Object("labels");
        if (!LabelSelectors.Matches(selector, labels))
        {
            errors.Invalid(Labels, labels, "`selector` does not match template `labels`");
        }

        ObjectMetaValidation.Labels(labels, Labels, errors);
        ObjectMetaValidation.Annotations(template.Object("metadata").Object("annotations"), "spec.template.metadata.annotations", errors);
        var pod = template.Object("spec") ?? [];
        PodSpecValidation.Check(pod, "spec.template.spec", errors);

        // Such kinds replace pods for ever, so that these must not end by themselves.
        if (pod.Text("restartPolicy") is "Never" or "OnFailure")
        {
            errors.OneOf("spec.template.spec.restartPolicy", pod.Text("restartPolicy"), "Always");
        }

        if (pod["activeDeadlineSeconds"] is not null)
        {
            errors.Forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
        }

        foreach (var field in (string[])["minReadySeconds", "revisionHistoryLimit"])
        {
            errors.NotNegative($"spec.{field}", spec[field]);
        }
    }

    public static void CheckSelectorUnchanged(JsonObject next, JsonObject? old, Findings errors)
    {
        if (old is not null)
        {
            errors.Immutable("spec.selector", next["spec"]?["selector"], old["spec"]?["selector"]);
        }
    }
}
