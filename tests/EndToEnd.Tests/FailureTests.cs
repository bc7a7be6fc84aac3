using System.Diagnostics;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

internal sealed class FailureTests : ClusterTest
{
    [OwnCluster(OwnClusterAttribute.Processes)]
    [Test]
    public async Task A_killed_server_is_restarted_and_no_other_replica_notices()
    {
        await ServeAsync(Manifest.Of(replicas: 2));
        var pods = (await Kubectl.GetAsync("pods", "{range .items[*]}{.metadata.name}={.status.podIP} {end}"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var (victim, witness) = (pods.First(), pods.Last());
        var untouched = ServerProcesses.Of(witness.Value);

        using (var process = Process.GetProcessById(ServerProcesses.Of(victim.Value).Single()))
        {
            process.Kill();
        }

        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", $"pod/{victim.Key}", "--timeout=60s");
        (await Kubectl.GetAsync($"pod/{victim.Key}", "{.status.containerStatuses[0].lastState.terminated.exitCode}")).Should().Be("137");
        await Kubectl.RunAsync("wait", "--for=condition=Ready", $"pod/{victim.Key}", "--timeout=60s");
        await WaitReadyAsync();
        (await Kubectl.GetAsync($"pod/{witness.Key}", "{.status.containerStatuses[0].restartCount}")).Should().Be("0");
        ServerProcesses.Of(witness.Value).Should().Equal(untouched);
    }

    [OwnCluster(OwnClusterAttribute.Requests)]
    [Test]
    public async Task A_restarted_operator_writes_nothing_when_nothing_changed()
    {
        await SettleAsync(Manifest.Of(replicas: 1));
        var requests = TestCluster.Requests.Count;
        await TestCluster.RestartOperatorAsync();

        // Scaling is the sign of life: when it has happened, the restarted operator has long looked at everything.
        await Kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=2");
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.readyReplicas}=2", "md/fraud-detector", "--timeout=60s");

        var writes = TestCluster.OperatorWrites(Namespace, from: requests).ToList();
        writes.Should().OnlyContain(write => write.Contains("/deployments/fraud-detector", StringComparison.Ordinal)
            || write.Contains("/poddisruptionbudgets", StringComparison.Ordinal)
            || write.Contains("/events", StringComparison.Ordinal)
            || write.Contains("/modeldeployments/fraud-detector/status", StringComparison.Ordinal));
        writes.Count(write => write.Contains("/deployments/", StringComparison.Ordinal)).Should().Be(2, "a change is tried with dryRun once and then written once");
    }

    [Test]
    public async Task A_child_that_somebody_changed_or_deleted_is_put_back_and_one_too_many_is_removed()
    {
        await ServeAsync(Manifest.Of());

        await Kubectl.RunAsync("delete", "service", "fraud-detector");
        await Eventually.TrueAsync(async () => (await Kubectl.RunAsync("get", "svc", "-o", "name")).Contains("fraud-detector", StringComparison.Ordinal), "the Service is back", Limit);
        await Kubectl.RunAsync("patch", "deployment", "fraud-detector", "--type=merge", "-p", """{"spec":{"revisionHistoryLimit":9}}""");
        await Kubectl.RunAsync("wait", "--for=jsonpath={.spec.revisionHistoryLimit}=2", "deploy/fraud-detector", "--timeout=60s");

        await Kubectl.ApplyAsync(Extra(await Kubectl.GetAsync("md/fraud-detector", "{.metadata.uid}")));
        await Eventually.TrueAsync(
            async () => !(await Kubectl.RunAsync("get", "deploy,svc,sa", "-o", "name")).Contains("fraud-detector-extra", StringComparison.Ordinal), "the model has its own children alone", Limit);
    }

    [Test]
    public async Task What_others_add_to_a_child_is_left_alone()
    {
        await ServeAsync(Manifest.Of());

        await Kubectl.RunAsync("annotate", "deployment", "fraud-detector", "example.com/owner=team-a");
        await Kubectl.RunAsync("rollout", "restart", "deployment/fraud-detector");
        await Kubectl.RunAsync("rollout", "status", "deployment/fraud-detector", "--timeout=90s");
        await WaitReadyAsync();

        (await Kubectl.GetAsync("deploy/fraud-detector", "{.metadata.annotations.example\\.com/owner}")).Should().Be("team-a");
        (await Kubectl.GetAsync("deploy/fraud-detector", "{.spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt}")).Should().NotBeEmpty();
    }

    [OwnCluster(OwnClusterAttribute.Requests)]
    [TestCase(10, TestName = "At_rest_the_operator_writes_nothing(10 s)")]
    [TestCase(300, TestName = "At_rest_the_operator_writes_nothing(5 min)", Category = "Long")]
    public async Task At_rest_the_operator_writes_nothing(int seconds)
    {
        await ServeAsync(Manifest.Of());
        await EventAsync("Normal", "Ready");
        var requests = TestCluster.Requests.Count;

        await Task.Delay(TimeSpan.FromSeconds(seconds));

        TestCluster.OperatorWrites(Namespace, from: requests).Should().BeEmpty();
    }

    /// <summary>Objects that name a model as their controller, as an operator of another version might have left them.</summary>
    private static string Extra(string uid)
    {
        var metadata = $$"""{name: fraud-detector-extra, labels: {app.kubernetes.io/managed-by: slipway}, ownerReferences: [{apiVersion: slipway.dev/v1alpha1, kind: ModelDeployment, name: fraud-detector, uid: {{uid}}, controller: true}]}""";
        return $$$"""
            {apiVersion: v1, kind: ServiceAccount, metadata: {{{metadata}}} }
            ---
            {apiVersion: v1, kind: Service, metadata: {{{metadata}}}, spec: {ports: [{port: 80}]}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {{{metadata}}}
            spec:
              replicas: 0
              selector: {matchLabels: {app: extra}}
              template: {metadata: {labels: {app: extra}}, spec: {containers: [{name: server, image: example.com/server:1}]}}
            """;
    }
}
