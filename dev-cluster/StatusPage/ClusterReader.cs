using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.DevCluster.StatusPage;

/// <summary>Reads all that the page shows: objects from the API server as any client does, and figures from the pods.</summary>
internal sealed class ClusterReader(Kubernetes kubernetes, ServerWindowReader servers, TimeProvider clock)
{
    private const int MostEvents = 20;

    /// <summary>Pods of a model that are asked.</summary>
    private const int MostAsked = 8;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>What a prediction should have been is known later, and counted in stretches of ten minutes.</summary>
    private static readonly TimeSpan FeedbackPeriod = TimeSpan.FromHours(1);

    public async Task<ClusterView> ReadAsync(CancellationToken cancellationToken)
    {
        var models = await ModelsAsync(cancellationToken);
        var all = await kubernetes.CoreV1.ListPodForAllNamespacesAsync(labelSelector: Names.ModelLabel, cancellationToken: cancellationToken);
        var events = await kubernetes.CoreV1.ListEventForAllNamespacesAsync(fieldSelector: $"involvedObject.kind={ModelDeployment.KindName}", cancellationToken: cancellationToken);
        return new(
            clock.GetUtcNow(),
            await Task.WhenAll(models.OrderBy(model => model.Metadata.Name, StringComparer.Ordinal).Select(model => OfAsync(model, [.. all.Items.Where(pod => IsOf(model, pod))], cancellationToken))),
            [.. events.Items.Select(Of).OrderByDescending(told => told.Time).Take(MostEvents)]);
    }

    /// <summary>None without the operator's definition.</summary>
    private async Task<IReadOnlyList<ModelDeployment>> ModelsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var list = await kubernetes.CustomObjects.ListClusterCustomObjectAsync<JsonElement>(
                ModelDeployment.GroupName, ModelDeployment.VersionName, ModelDeployment.Plural, cancellationToken: cancellationToken);
            return [.. list.GetProperty("items").EnumerateArray().Select(item => KubernetesJson.Deserialize<ModelDeployment>(item))];
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    private async Task<ModelView> OfAsync(ModelDeployment model, IReadOnlyList<V1Pod> own, CancellationToken cancellationToken)
    {
        var addresses = own.Where(pod => pod.IsReady() && !string.IsNullOrEmpty(pod.Status.PodIP)).Take(MostAsked).Select(pod => pod.Status.PodIP).ToList();
        var (windows, feedback) = (WindowsAsync(addresses, Period, cancellationToken), WindowsAsync(addresses, FeedbackPeriod, cancellationToken));
        var version = model.Status?.Model?.Version ?? model.Spec.Model.Version;
        return new(
            model.Metadata.NamespaceProperty,
            model.Metadata.Name,
            version,
            model.Status?.Url ?? "",
            [.. (model.Status?.Conditions ?? []).Select(condition => new ConditionView(condition.Type, condition.Status, condition.Reason, condition.Message))],
            [.. own.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Select(Of)],
            PodSums.Requests(await windows),
            PodSums.Features(await windows, version),
            PodSums.Accuracy(await feedback));
    }

    /// <summary>A pod that does not answer is left out: it may be going.</summary>
    private async Task<IReadOnlyList<ServerWindow>> WindowsAsync(IEnumerable<string> addresses, TimeSpan length, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(addresses.Select(address => servers.ReadAsync(address, length, cancellationToken)));
        return [.. answers.OfType<ServerWindow>()];
    }

    private static bool IsOf(ModelDeployment model, V1Pod pod) =>
        pod.Metadata.NamespaceProperty == model.Metadata.NamespaceProperty && pod.Metadata.Labels[Names.ModelLabel] == model.Metadata.Name;

    private static PodView Of(V1Pod pod) => new(
        pod.Metadata.Name,
        pod.Metadata.DeletionTimestamp is null ? pod.Status?.Phase ?? "Pending" : "Terminating",
        pod.IsReady(),
        pod.Status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0);

    private static EventView Of(Corev1Event told) =>
        new(told.LastTimestamp ?? told.EventTime ?? told.Metadata.CreationTimestamp, told.Type, told.Reason, $"{told.InvolvedObject.NamespaceProperty}/{told.InvolvedObject.Name}", told.Message);
}
