using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class JobRules
{
    private const string ControllerUid = "batch.kubernetes.io/controller-uid";

    public static readonly KindRules Rules = new() { Default = Default, PrepareForCreate = PrepareForCreate, Validate = Validate };

    private static void Default(JsonObject job)
    {
        var spec = job.Struct("spec");
        var template = spec.Struct("template");
        PodSpecDefaults.Template(template);
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }

        spec.FillUnset("parallelism", 1);
        spec.FillUnset("backoffLimit", 6);
        spec.Fill("completionMode", "NonIndexed");
        spec.FillUnset("suspend", false);
        spec.FillUnset("manualSelector", false);
        spec.Fill("podReplacementPolicy", "TerminatingOrFailed");
        var metadata = job.Struct("metadata");
        if (template.Object("metadata").Object("labels") is { Count: > 0 } labels && (metadata.Object("labels")?.Count ?? 0) == 0)
        {
            metadata["labels"] = labels.DeepClone();
        }
    }

    /// <summary>A Job knows its pods by its own uid, unless it brings a selector of its own.</summary>
    private static void PrepareForCreate(JsonObject job)
    {
        var spec = job.Struct("spec");
        if ((bool?)spec["manualSelector"] == true)
        {
            return;
        }

        var (uid, name) = ((string)job["metadata"]!["uid"]!, (string)job["metadata"]!["name"]!);
        var template = spec.Struct("template").Struct("metadata").Struct("labels");
        // Labels that the Job took from its template follow it.
        var own = JsonNode.DeepEquals(job["metadata"]!["labels"], template) ? job["metadata"]!["labels"] as JsonObject : null;
        foreach (var labels in (JsonObject?[])[template, own])
        {
            foreach (var (label, value) in ((string, string)[])[(ControllerUid, uid), ("batch.kubernetes.io/job-name", name), ("controller-uid", uid), ("job-name", name)])
            {
                labels?[label] = value;
            }
        }

        spec.Struct("selector").Struct("matchLabels")[ControllerUid] = uid;
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        foreach (var field in (string[])["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"])
        {
            errors.NotNegative($"spec.{field}", spec[field]);
        }

        // Its pods need an index each, which nothing here gives them: they would run, and each would do the same.
        if (spec.Text("completionMode") == "Indexed")
        {
            throw StatusErrors.NotImplemented("spec.completionMode: Indexed is not served by the local cluster, which runs NonIndexed Jobs only");
        }

        var pod = spec.Object("template").Object("spec") ?? [];
        PodSpecValidation.Check(pod, "spec.template.spec", errors);
        if (pod.Text("restartPolicy") == "Always")
        {
            errors.OneOf("spec.template.spec.restartPolicy", "Always", "OnFailure", "Never");
        }

        PodTemplates.CheckSelectorUnchanged(next, old, errors);
        return errors;
    }
}
