using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Autoscaling from the load to the pods, and whose the number of pods is.</summary>
internal sealed class AutoscalingTests : ClusterTest
{
    private const string Hpa = """
          autoscaling:
            minReplicas: 1
            maxReplicas: 5
            metrics: [{type: RequestsPerSecond, target: 20}]
        """;

    private const string Quick = """
          autoscaling:
            minReplicas: 1
            maxReplicas: 2
            metrics: [{type: RequestsPerSecond, target: 20}]
            behavior: {scaleDown: {stabilizationWindowSeconds: 0}}
        """;

    private const string Keda = """
          autoscaling:
            engine: KEDA
            minReplicas: 2
            maxReplicas: 5
            metrics: [{type: Concurrency, target: 8}]
            keda: {serverAddress: "http://prometheus.monitoring:9090"}
        """;

    private static string ScaledObjects => """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: scaledobjects.keda.sh}
        spec:
          group: keda.sh
          scope: Namespaced
          names: {kind: ScaledObject, listKind: ScaledObjectList, plural: scaledobjects, singular: scaledobject}
          versions:
          - name: v1alpha1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            subresources: {status: {}}
        """;

    [OwnCluster(OwnClusterAttribute.Metrics)]
    [Test]
    public async Task The_number_of_pods_follows_the_load_and_stays_when_scaling_is_switched_off()
    {
        await ServeAsync(Manifest.Of(replicas: 2, more: Quick));

        (await SpecAsync("hpa/fraud-detector"))["scaleTargetRef"]!.ToJsonString().Should().Be("""{"apiVersion":"apps/v1","kind":"Deployment","name":"fraud-detector"}""");
        (await Kubectl.GetAsync("deploy/fraud-detector", "{.spec.replicas}")).Should().Be("1", "that is the least");
        (await Kubectl.RunAsync("get", "pdb", "-o", "name")).Trim().Should().Be("poddisruptionbudget.policy/fraud-detector");
        await OwnerAsync("slipway-replicas");
        using var replicas = new ReplicaWatch("fraud-detector", Namespace);
        await replicas.SeesAsync(1);
        using var ready = new KubectlWatch(TestCluster.Kubeconfig, Namespace, "md/fraud-detector", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}{\"\\n\"}");
        await Eventually.TrueAsync(() => Task.FromResult(ready.Lines.Count > 0), "the watch has begun", Limit);

        await using (new Load(await ServiceAsync(), "fraud-detector"))
        {
            await WaitAsync("{.status.readyReplicas}", "2");
            await WaitConditionAsync("Autoscaled", "True", "ScalerActive");
            (await Kubectl.RunAsync("top", "pods", "--no-headers")).Should().MatchRegex(@"fraud-detector-\S+ +[1-9][0-9]*m +[1-9][0-9]*Mi");
        }

        await replicas.SeesAsync(1, 2, 1);
        ready.Lines.Should().OnlyContain(line => line == "True", "the least number of pods answered all the while");
        var told = "";
        // The event follows the scaling that it tells of.
        await Eventually.TrueAsync(
            async () => (told = await Kubectl.RunAsync("describe", "hpa", "fraud-detector")).Contains("New size: 1; reason: All metrics below target", StringComparison.Ordinal),
            () => $"the last scaling is told: {told}",
            Limit);
        told.Should().MatchRegex(@"SuccessfulRescale .*New size: 2; reason: pods metric slipway_requests_per_second above target");

        await Kubectl.ApplyAsync(Manifest.Of(replicas: 2));
        await Eventually.TrueAsync(async () => (await Kubectl.RunAsync("get", "hpa", "-o", "name")).Trim().Length == 0, "the autoscaler is pruned", Limit);
        await OwnerAsync("slipway");
        (await Kubectl.GetAsync("deploy/fraud-detector", "{.spec.replicas}")).Should().Be("1");
        await WaitConditionAsync("Ready", "True", "Ready");

        await Kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=3");
        await replicas.SeesAsync(1, 2, 1, 3);
    }

    [OwnCluster(OwnClusterAttribute.Metrics)]
    [Test]
    public async Task Switched_on_it_starts_from_the_pods_that_there_are()
    {
        await ServeAsync(Manifest.Of(replicas: 2));
        using var replicas = new ReplicaWatch("fraud-detector", Namespace);
        await replicas.SeesAsync(2);

        await Kubectl.ApplyAsync(Manifest.Of(replicas: 2, more: Hpa));
        await OwnerAsync("slipway-replicas");
        await Kubectl.ApplyAsync(Manifest.Of(replicas: 1, more: Hpa, version: "2"));
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.model.version}=2", "md/fraud-detector", "--timeout=90s");

        (await Kubectl.GetAsync("hpa", "{.items[*].metadata.name}")).Should().Be("fraud-detector");
        await replicas.SeesAsync(2);
    }

    [OwnCluster(OwnClusterAttribute.Its)]
    [Test]
    public async Task Keda_that_comes_while_the_operator_runs_is_used_and_one_scaler_follows_the_other()
    {
        await Kubectl.ApplyAsync(Manifest.Of(more: Keda));
        await WaitConditionAsync("Ready", "False", "KedaMissing");
        await WaitConditionAsync("Serving", "True", "Serving");

        await Kubectl.ApplyAsync(ScaledObjects);
        try
        {
            using var replicas = new ReplicaWatch("fraud-detector", Namespace);
            await WaitConditionAsync("Ready", "True", "Ready");
            (await Kubectl.GetAsync("scaledobject/fraud-detector", "{.spec.triggers[0].metadata.query}")).Should().Contain($"namespace=\"{Namespace}\"");

            await Kubectl.ApplyAsync(Manifest.Of(more: Hpa));
            await Eventually.TrueAsync(async () => await ScalersAsync() == "horizontalpodautoscaler.autoscaling/fraud-detector", "the HorizontalPodAutoscaler follows", Limit);
            await Kubectl.ApplyAsync(Manifest.Of(more: Keda));
            await Eventually.TrueAsync(async () => await ScalersAsync() == "scaledobject.keda.sh/fraud-detector", "the ScaledObject follows", Limit);

            (await Kubectl.GetAsync("scaledobject/fraud-detector", "{.spec.advanced.horizontalPodAutoscalerConfig.name}")).Should().Be("fraud-detector");
            await replicas.SeesAsync(2);
        }
        finally
        {
            await Kubectl.RunAsync("delete", "crd", "scaledobjects.keda.sh");
        }
    }

    [TestCase("minReplicas: 6, maxReplicas: 5, metrics: [{type: Cpu, target: 70}]", "spec.autoscaling.maxReplicas", "must not be less than minReplicas")]
    [TestCase("maxReplicas: 5, metrics: []", "spec.autoscaling.metrics")]
    [TestCase("maxReplicas: 5, metrics: [{type: Cpu, target: 70}, {type: Cpu, target: 80}]", "spec.autoscaling.metrics[1]", "Duplicate value")]
    [TestCase("maxReplicas: 5, engine: VPA, metrics: [{type: Cpu, target: 70}]", "spec.autoscaling.engine", "\"HPA\", \"KEDA\"")]
    [TestCase("maxReplicas: 5, metrics: [{type: Cpu, target: 70}], keda: {fallback: {replicas: 3}}", "spec.autoscaling.keda", "a fallback needs a metric other than Cpu and Memory")]
    [TestCase("maxReplicas: 5, metrics: [{type: Memory, target: 70}]}, server: {resources: {requests: {cpu: 1}}", "spec.autoscaling.metrics", "state memory in spec.server.resources.requests")]
    [TestCase("maxReplicas: 5, metrics: [{type: Concurrency, target: 8}]}, server: {maxConcurrency: 8", "spec.autoscaling.metrics", "must be less than spec.server.maxConcurrency")]
    public async Task What_cannot_be_is_refused_at_apply(string autoscaling, params string[] words)
    {
        var result = await Kubectl.TryApplyAsync(Manifest.Of(more: $"  autoscaling: {{{autoscaling}}}".Replace("}, server: {", "}\n  server: {", StringComparison.Ordinal)));

        result.ExitCode.Should().NotBe(0);
        words.Should().OnlyContain(word => result.Error.Contains(word, StringComparison.Ordinal), "kubectl said: {0}", result.Error);
    }

    [Test]
    public async Task A_network_policy_is_made_and_pruned()
    {
        await ServeAsync(Manifest.Of(more: "  networkPolicy: {enabled: true, from: [{podSelector: {matchLabels: {app: shop}}}]}"));

        (await SpecAsync("networkpolicy/fraud-detector"))["ingress"]![0]!["from"]!.ToJsonString().Should().Be("""[{"podSelector":{"matchLabels":{"app":"shop"}}}]""");

        await Kubectl.ApplyAsync(Manifest.Of());
        await Eventually.TrueAsync(async () => (await Kubectl.RunAsync("get", "networkpolicy", "-o", "name")).Trim().Length == 0, "the policy is pruned", Limit);
    }

    private Task<string> WaitAsync(string path, string value) => Kubectl.RunAsync("wait", $"--for=jsonpath={path}={value}", "md/fraud-detector", "--timeout=60s");

    private async Task<string> ScalersAsync() => (await Kubectl.RunAsync("get", "hpa,scaledobjects", "-o", "name")).Trim();

    private async Task<JsonObject> SpecAsync(string resource) => JsonNode.Parse(await Kubectl.GetAsync(resource, "{.spec}"))!.AsObject();

    /// <summary>Waits until this manager and no other of ours owns the Deployment's number of pods.</summary>
    private Task OwnerAsync(string manager) => Eventually.TrueAsync(
        async () =>
        {
            var deployment = JsonNode.Parse(await Kubectl.RunAsync("get", "deploy/fraud-detector", "-o", "json", "--show-managed-fields"))!;
            return deployment["metadata"]!["managedFields"]!.AsArray()
                .Where(entry => (string?)entry!["operation"] == "Apply" && entry["fieldsV1"]?["f:spec"]?["f:replicas"] is not null)
                .Select(entry => (string?)entry!["manager"])
                .SequenceEqual([manager]);
        },
        $"{manager} alone owns the number of pods",
        Limit);
}
