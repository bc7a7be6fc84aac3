using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.GitOps;

/// <summary>What GitOps tools make of every state that the operator reports.</summary>
internal sealed class HealthTests
{
    private static readonly string HealthScript = Path.Combine(Repository.Root, "docs", "gitops", "argocd", "health.lua");

    private static IEnumerable<TestCaseData> States()
    {
        var model = A.Model();
        yield return State("nobody looked at it", A.Model(status: new() { ObservedGeneration = ModelDeploymentStatus.Unseen }), "InProgress", "Progressing");
        yield return State("an older generation was looked at", Earlier(Seen(A.Observed(model, A.Deployment(model)))), "InProgress", "Progressing");
        yield return State("nothing exists yet", Seen(A.Observed(model, null)), "InProgress", "Progressing");
        yield return State("pods are starting", Seen(A.Observed(model, A.Deployment(model, available: 1), A.Pod(model))), "InProgress", "Progressing");
        yield return State("an old pod is leaving", Seen(A.Observed(model, A.Deployment(model, all: 3))), "InProgress", "Progressing");
        yield return State("all is well", Seen(A.Observed(model, A.Deployment(model))), "Current", "Healthy");
        var none = A.Model(replicas: 0);
        yield return State("nothing is wanted", Seen(A.Observed(none, A.Deployment(none))), "Current", "Healthy");
        yield return State("the image cannot be pulled", Seen(A.Observed(model, A.Deployment(model, available: 0), A.Pod(model, state: Waiting("ImagePullBackOff")))), "Failed", "Degraded");
        yield return State("the deadline passed", Seen(A.Observed(model, A.Deployment(model, available: 0, progressing: "ProgressDeadlineExceeded"))), "Failed", "Degraded");
        var wrong = A.Model(version: "../x");
        yield return State("the spec is refused", Seen(A.Observed(wrong, A.Deployment(model))), "Failed", "Degraded");
        yield return State("a child's name is taken", Seen(A.Observed(model, A.Deployment(model)), Problem(ApplyProblemKind.NameTaken)), "Failed", "Degraded");
        yield return State("a field is contested", Seen(A.Observed(model, A.Deployment(model)), Problem(ApplyProblemKind.FieldContested)), "Failed", "Degraded");
        yield return State("a child is refused", Seen(A.Observed(model, A.Deployment(model)), Problem(ApplyProblemKind.Invalid)), "Failed", "Degraded");
        yield return State("a child is forbidden", Seen(A.Observed(model, A.Deployment(model)), Problem(ApplyProblemKind.Forbidden)), "InProgress", "Progressing");
    }

    [TestCaseSource(nameof(States))]
    public void Kstatus_reads_every_state(ModelDeployment model, string kstatus, string argo)
    {
        _ = argo;
        Kstatus(model).Should().Be(kstatus);
    }

    [TestCaseSource(nameof(States))]
    public async Task Argo_CD_reads_every_state(ModelDeployment model, string kstatus, string argo)
    {
        _ = kstatus;
        var script = $"obj = {Lua(JsonNode.Parse(KubernetesJson.Serialize(model)))}\nlocal health = dofile({Text(HealthScript)})\nio.write(health.status, \"\\n\", health.message)";

        var answer = (await Tool.RunAsync("lua", script, "-")).Split('\n', 2);

        answer[0].Should().Be(argo);
        answer[1].Should().NotBeEmpty();
    }

    // github.com/kubernetes-sigs/cli-utils, pkg/kstatus: the rules for a kind that it does not know.
    private static string Kstatus(ModelDeployment model)
    {
        if (model.Status is { } status && status.ObservedGeneration != model.Metadata.Generation)
        {
            return "InProgress";
        }

        string Of(string type) => model.Status?.Conditions.FirstOrDefault(condition => condition.Type == type)?.Status ?? "";
        return Of("Reconciling") == "True" ? "InProgress" : Of("Stalled") == "True" ? "Failed" : Of("Ready") is "False" or "Unknown" ? "InProgress" : "Current";
    }

    private static TestCaseData State(string name, ModelDeployment model, string kstatus, string argo) => new TestCaseData(model, kstatus, argo).SetArgDisplayNames(name);

    private static ModelDeployment Seen(Observed observed, params ApplyProblem[] problems)
    {
        observed.Model.Status = Decision.Make(A.Situation(observed, problems), DateTimeOffset.UnixEpoch).Status;
        return Copy(observed.Model);
    }

    private static ModelDeployment Earlier(ModelDeployment model)
    {
        model.Metadata.Generation++;
        return model;
    }

    private static ModelDeployment Copy(ModelDeployment model) => KubernetesJson.Deserialize<ModelDeployment>(KubernetesJson.Serialize(model));

    private static ApplyProblem Problem(ApplyProblemKind kind) => new(kind, "Service", new("payments", "fraud-detector"), "the sentence");

    private static V1ContainerState Waiting(string reason) => new() { Waiting = new() { Reason = reason, Message = "told by the kubelet" } };

    private static string Lua(JsonNode? value) => value switch
    {
        JsonObject map => $"{{{string.Join(", ", map.Where(field => field.Value is not null).Select(field => $"[{Text(field.Key)}] = {Lua(field.Value)}"))}}}",
        JsonArray list => $"{{{string.Join(", ", list.Select(entry => Lua(entry)))}}}",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => Text((string)scalar!),
        _ => value?.ToJsonString() ?? "nil",
    };

    private static string Text(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
