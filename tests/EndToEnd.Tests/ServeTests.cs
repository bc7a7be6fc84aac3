using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

internal sealed class ServeTests : ClusterTest
{
    [TestCase]
    [TestCase("--server-side")]
    public async Task A_model_that_is_applied_becomes_ready_and_predicts(params string[] how)
    {
        var manifest = await File.ReadAllTextAsync(Repository.Sample("fraud-detection/modeldeployment.yaml"));
        await Kubectl.ApplyAsync(manifest.Replace("  namespace: default\n", "", StringComparison.Ordinal).Replace("file:///models", TestCluster.Models, StringComparison.Ordinal), how);
        await WaitReadyAsync();

        var answer = await PredictAsync();

        ((string?)answer["model_name"]).Should().Be("fraud-detector");
        ((string?)answer["model_version"]).Should().Be("1");
        Prediction.Labels(answer).Should().Equal(0, 1);
    }

    [Test]
    public async Task The_table_tells_ready_version_and_replicas()
    {
        await ServeAsync(Manifest.Of(replicas: 2));

        var lines = (await Kubectl.RunAsync("get", "md")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("NAME", "READY", "VERSION", "REPLICAS", "AGE");
        lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..4].Should().Equal("fraud-detector", "True", "1", "2");
        (await Kubectl.RunAsync("get", "md", "-o", "wide")).Should().Contain($"http://fraud-detector.{Namespace}.svc:8080/v2/models/fraud-detector");
        (await Kubectl.RunAsync("get", "all")).Should().Contain("modeldeployment.slipway.dev/fraud-detector").And.Contain("deployment.apps/fraud-detector");
    }

    [Test]
    public async Task Describe_tells_the_story()
    {
        await ServeAsync(Manifest.Of());
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.model.digest}", "md/fraud-detector", "--timeout=60s");
        await EventAsync("Normal", "Ready");

        var text = await Kubectl.RunAsync("describe", "md", "fraud-detector");

        text.Should().Contain("Version 1 is served by 1 pod.").And.Contain("Observed Generation").And.Contain("sha256:");
        text.Should().MatchRegex(@"Normal\s+Ready\s");
    }

    [Test]
    public async Task Applying_the_same_again_changes_nothing()
    {
        await SettleAsync(Manifest.Of());
        var before = await Kubectl.GetAsync("deploy,svc,cm,sa,md", "{.items[*].metadata.resourceVersion}");

        (await Kubectl.ApplyAsync(Manifest.Of())).Should().Contain("unchanged");

        (await Kubectl.GetAsync("deploy,svc,cm,sa,md", "{.items[*].metadata.resourceVersion}")).Should().Be(before);
    }

    [Test]
    public async Task Scaling_adds_and_removes_pods_and_the_budget_follows()
    {
        await ServeAsync(Manifest.Of(replicas: 1));
        (await Kubectl.RunAsync("get", "pdb", "-o", "name")).Should().BeEmpty();

        await Kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=3");
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.readyReplicas}=3", "md/fraud-detector", "--timeout=60s");
        (await Kubectl.RunAsync("get", "pdb", "-o", "name")).Trim().Should().Be("poddisruptionbudget.policy/fraud-detector");

        await Kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=0");
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.replicas}=0", "md/fraud-detector", "--timeout=60s");
        await WaitConditionAsync("Ready", "True", "ScaledToZero");
        await WaitConditionAsync("Serving", "False", "ScaledToZero");
        (await Kubectl.RunAsync("get", "pdb", "-o", "name")).Should().BeEmpty();
    }

    [Test]
    public async Task Logs_are_those_of_the_server()
    {
        await ServeAsync(Manifest.Of());

        (await Kubectl.RunAsync("logs", "deploy/fraud-detector")).Should().Contain("fraud-detector");
    }

    [Test, OwnCluster(OwnClusterAttribute.Processes)]
    public async Task Deleting_leaves_neither_children_nor_processes()
    {
        await ServeAsync(Manifest.Of(replicas: 2));
        var addresses = (await Kubectl.GetAsync("pods", "{.items[*].status.podIP}")).Split(' ');
        addresses.SelectMany(ServerProcesses.Of).Should().HaveCount(2);

        await Kubectl.RunAsync("delete", "md", "fraud-detector", "--timeout=60s");

        await Eventually.TrueAsync(
            async () => (await Kubectl.RunAsync("get", "deploy,rs,pods,svc,cm,sa,pdb", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .All(name => name is "configmap/kube-root-ca.crt" or "serviceaccount/default"),
            "all children are gone",
            Limit);
        addresses.SelectMany(ServerProcesses.Of).Should().BeEmpty();
    }

    [Test, OwnCluster(OwnClusterAttribute.Requests)]
    public async Task One_model_costs_few_requests()
    {
        var before = TestCluster.Requests.Count;
        await SettleAsync(Manifest.Of(replicas: 2));

        var requests = TestCluster.OperatorRequests(Namespace, before).ToList();
        await TestContext.Out.WriteLineAsync("The operator's requests for one ModelDeployment of two replicas, from apply to Ready:");
        await TestContext.Out.WriteLineAsync(string.Join('\n', requests.GroupBy(request => request).OrderBy(group => group.Key).Select(group => $"{group.Count(),3} {group.Key}")));

        var writes = requests
            .Where(request => request.StartsWith("PATCH", StringComparison.Ordinal) && !request.Contains("/status", StringComparison.Ordinal) && !request.Contains("/events/", StringComparison.Ordinal))
            .CountBy(request => request).ToLookup(write => write.Value, write => write.Key);
        writes.Select(times => times.Key).Max().Should().BeLessThanOrEqualTo(2);
        writes[2].Should().OnlyContain(
            request => request.Contains("/controllerrevisions/", StringComparison.Ordinal) || request.Contains("/fraud-detector-live?", StringComparison.Ordinal),
            "each child is written once, and two of them again when the version's digest is known");
        requests.Count(request => request.StartsWith("GET", StringComparison.Ordinal)).Should().Be(8, "each child's name is looked up once: its owner may be another");
        requests.Count(request => request.Contains("/status", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(8, "a slow machine sees each pod's states one by one");
    }
}
