using System.Text.Json.Nodes;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>Does what a case's <c>setup</c> says: a fresh namespace with what the controllers put there, and the recordings' own kind.</summary>
internal sealed class CaseSetup(ContractClient client, TimeProvider time)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string ProbeNamespace = "n-probe";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    public async Task PrepareAsync(RecordedCase recorded, CancellationToken cancellationToken)
    {
        if (recorded.NeedsWidgets)
        {
            await DefineWidgetsAsync(cancellationToken);
        }

        if (recorded.NeedsNamespace)
        {
            await MakeNamespaceAsync(recorded.Namespace, cancellationToken);
        }
    }

    /// <summary>Makes the recordings' own kind, if it is not there, and waits until it is served.</summary>
    public async Task DefineWidgetsAsync(CancellationToken cancellationToken)
    {
        await client.CallAsync("POST", Definitions, JsonNode.Parse(Recordings.WidgetDefinition), cancellationToken, 409);
        await UntilAsync($"{Definitions}/widgets.example.slipway.dev", IsEstablished, cancellationToken);
    }

    public async Task MakeNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        string path = $"/api/v1/namespaces/{name}";
        await client.CallAsync("DELETE", path, null, cancellationToken, 404, 409);
        await UntilAsync(path, answer => answer.Status == 404, cancellationToken);
        await client.CallAsync("POST", "/api/v1/namespaces", Named("Namespace", name), cancellationToken);
        await client.CallAsync("POST", $"{path}/serviceaccounts?fieldManager=kube-controller-manager", Named("ServiceAccount", "default"), cancellationToken, 409);
        await client.CallAsync("POST", $"{path}/configmaps?fieldManager=kube-controller-manager", RootCertificate(), cancellationToken, 409);
    }

    /// <summary>
    /// Waits until the scheduler knows the node, as the recorded one did: a pod that is made before is told that there is none, and keeps the note.
    /// </summary>
    public async Task UntilPodsAreBoundAsync(CancellationToken cancellationToken)
    {
        await MakeNamespaceAsync(ProbeNamespace, cancellationToken);
        string pods = $"/api/v1/namespaces/{ProbeNamespace}/pods";
        JsonObject pod = Named("Pod", "probe");
        pod["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "registry.example/app:1" }) };
        await client.CallAsync("POST", pods, pod, cancellationToken);
        await UntilAsync($"{pods}/probe", answer => JsonPath.Find(answer.Body, ["spec", "nodeName"]) is not null, cancellationToken);
        await client.CallAsync("DELETE", $"{pods}/probe", new JsonObject { ["gracePeriodSeconds"] = 0 }, cancellationToken);
    }

    /// <summary>Asks until the answer is as wanted, for at most 10 seconds.</summary>
    public async Task UntilAsync(string path, Func<Answer, bool> isWanted, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        RecordedRequest request = new("GET", path, new Dictionary<string, string> { ["Accept"] = "application/json" }, null);
        using PeriodicTimer timer = new(Period, time);
        while (!isWanted(await client.SendAsync(request, limit.Token)))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static bool IsEstablished(Answer answer) =>
        JsonPath.Find(answer.Body, ["status", "conditions", "type=Established", "status"])?.ToString() == "True";

    private static JsonObject Named(string kind, string name) =>
        new() { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };

    private static JsonObject RootCertificate()
    {
        JsonObject map = Named("ConfigMap", "kube-root-ca.crt");
        map["metadata"]!["annotations"] = new JsonObject
        {
            ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
                + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
        };
        map["data"] = new JsonObject { ["ca.crt"] = "certificate" };
        return map;
    }
}
