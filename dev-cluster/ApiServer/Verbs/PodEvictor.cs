using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Selectors;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>Deletes a pod if the PodDisruptionBudget that covers it allows one less.</summary>
internal sealed class PodEvictor(ObjectStore store, ObjectWriter writer, ObjectDeleter deleter, ResourceDefinition budgets, TimeProvider time)
{
    private const int RetryAfter = 10;
    private const string Manager = "kube-apiserver";

    /// <exception cref="StatusException">404 without such a pod, 429 when its budget does not allow it, 500 when two budgets cover it.</exception>
    public void Evict(ObjectRequest request, DeleteOptions options)
    {
        var pod = store.Table(request.Definition.StorageName).Find(request.Key)?.Value ?? throw StatusErrors.NotFound(request.Definition, request.Name);
        var phase = (string?)pod["status"]?["phase"];
        if (!pod.IsBeingDeleted() && phase is not ("Succeeded" or "Failed" or "Pending"))
        {
            Spend(request, pod, options.DryRun);
        }

        writer.Amend(request, options.DryRun, live => PodConditions.SetTrue(
            live, "DisruptionTarget", "EvictionByEvictionAPI", "Eviction API: evicting", time.GetUtcNow()));
        deleter.Delete(request, options);
    }

    private void Spend(ObjectRequest request, JsonObject pod, bool dryRun)
    {
        var covering = store.Table(budgets.StorageName).Current.In(request.Namespace)
            .Where(b => LabelSelector.FromObject(b.Value["spec"]?["selector"] as JsonObject).Matches(pod)).ToList();
        if (covering.Count > 1)
        {
            throw new StatusException(
                500,
                "InternalError",
                "Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        if (covering is not [var budget])
        {
            return;
        }

        var key = new ObjectRequest(budgets, budget.Key.Namespace, budget.Key.Name, "status", Manager);
        writer.Amend(key, dryRun, live =>
        {
            var before = (JsonObject)live.DeepClone();
            Take(live, request.Name);
            ManagedFields.Update(budgets.Schema, before, live, key.FieldManager(WriteOptions.Default, FieldManager.Update), time.GetUtcNow());
        });
    }

    private void Take(JsonObject budget, string pod)
    {
        var status = budget["status"] as JsonObject ?? [];
        if ((status["observedGeneration"].AsNumber() ?? 0) < (budget["metadata"]?["generation"].AsNumber() ?? 0))
        {
            throw TooMany(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                $"The disruption budget {budget.Name()} is still being processed by the server.",
                RetryAfter);
        }

        var allowed = status["disruptionsAllowed"].AsNumber() ?? 0;
        if (allowed <= 0)
        {
            throw TooMany(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                $"The disruption budget {budget.Name()} needs {status["desiredHealthy"] ?? 0} healthy pods and has {status["currentHealthy"] ?? 0} currently");
        }

        status["disruptionsAllowed"] = allowed - 1;
        status["disruptedPods"] ??= new JsonObject();
        status["disruptedPods"]![pod] = Metadata.Time(time.GetUtcNow());
        if (allowed == 1 && status.Objects("conditions").FirstOrDefault(c => c.Text("type") == "DisruptionAllowed") is { } condition)
        {
            condition["status"] = "False";
            condition["reason"] = "InsufficientPods";
            condition["lastTransitionTime"] = Metadata.Time(time.GetUtcNow());
        }
    }

    private static StatusException TooMany(string message, string cause, int? retryAfter = null)
    {
        var details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause }) };
        if (retryAfter is not null)
        {
            details["retryAfterSeconds"] = retryAfter;
        }

        return new StatusException(429, "TooManyRequests", message, details);
    }
}
