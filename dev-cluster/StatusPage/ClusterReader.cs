using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Api;

namespace Slipway.DevCluster.StatusPage;

/// <summary>Reads all that the page shows: objects from the API server as any client does, and figures from the pods.</summary>
internal sealed class ClusterReader(Kubernetes kubernetes, HttpClient pods, TimeProvider clock)
{
    private const string ModelLabel = "slipway.dev/model";
    private const int MostEvents = 20;

    /// <summary>Pods of a model that are asked.</summary>
    private const int MostAsked = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public async Task<ClusterView> ReadAsync(CancellationToken cancellationToken)
    {
        var models = await ModelsAsync(cancellationToken);
        var all = await kubernetes.CoreV1.ListPodForAllNamespacesAsync(labelSelector: ModelLabel, cancellationToken: cancellationToken);
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
        var asked = own.Where(pod => IsReady(pod) && !string.IsNullOrEmpty(pod.Status.PodIP)).Take(MostAsked);
        var windows = (await Task.WhenAll(asked.Select(pod => AskAsync(pod.Status.PodIP, cancellationToken)))).OfType<ServerWindow>().ToList();
        return new(
            model.Metadata.NamespaceProperty,
            model.Metadata.Name,
            model.Status?.Model?.Version ?? model.Spec.Model.Version,
            model.Status?.Url ?? "",
            [.. (model.Status?.Conditions ?? []).Select(condition => new ConditionView(condition.Type, condition.Status, condition.Reason, condition.Message))],
            [.. own.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Select(Of)],
            DriftView.Requests(windows),
            DriftView.Features(windows));
    }

    /// <summary>Null when the pod does not answer: it may be going.</summary>
    private async Task<ServerWindow?> AskAsync(string address, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var query = string.Create(CultureInfo.InvariantCulture, $"?from={(now - Window).ToUnixTimeSeconds()}&to={now.ToUnixTimeSeconds()}");
        try
        {
            return await pods.GetFromJsonAsync<ServerWindow>(new Uri($"http://{address}:{ServerContract.ManagementPort}{ServerContract.WindowPath}{query}"), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static bool IsOf(ModelDeployment model, V1Pod pod) =>
        pod.Metadata.NamespaceProperty == model.Metadata.NamespaceProperty && pod.Metadata.Labels[ModelLabel] == model.Metadata.Name;

    private static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static PodView Of(V1Pod pod) => new(
        pod.Metadata.Name,
        pod.Metadata.DeletionTimestamp is null ? pod.Status?.Phase ?? "Pending" : "Terminating",
        IsReady(pod),
        pod.Status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0);

    private static EventView Of(Corev1Event told) =>
        new(told.LastTimestamp ?? told.EventTime ?? told.Metadata.CreationTimestamp, told.Type, told.Reason, $"{told.InvolvedObject.NamespaceProperty}/{told.InvolvedObject.Name}", told.Message);
}
