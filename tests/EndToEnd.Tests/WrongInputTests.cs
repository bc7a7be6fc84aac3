using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>What a user gets wrong: told at apply where the API server can know, else in the conditions; and mending the manifest mends all.</summary>
internal sealed class WrongInputTests : ClusterTest
{
    [Test]
    public async Task An_unknown_field_is_refused_by_name() =>
        await RefusedAsync(Manifest.Of(more: "  replica: 3"), """unknown field "spec.replica""");

    [TestCase("models/fraud-detector")]
    [TestCase("ftp://acme/models")]
    public async Task A_uri_of_another_scheme_is_refused_with_an_example(string uri) =>
        await RefusedAsync(Manifest.Of(uri: uri), "spec.model.uri", "must start with s3://, gs://", "s3://acme-models/fraud-detector");

    [Test]
    public async Task A_negative_number_of_replicas_is_refused() =>
        await RefusedAsync(Manifest.Of(replicas: -1), "spec.replicas", "greater than or equal to 0");

    [Test]
    public async Task A_name_that_is_no_service_name_is_refused() =>
        await RefusedAsync(Manifest.Of(name: "1st.model"), "DNS-1035");

    [Test]
    public async Task A_duration_out_of_bounds_is_refused() =>
        await RefusedAsync(Manifest.Of(more: "  server: {requestTimeout: 2h}"), "spec.server.requestTimeout", "must be from 1ms to 1h");

    [TestCase("{batching: {mode: Sometimes}}", "spec.server.batching.mode", "supported values: \"Auto\", \"On\", \"Off\"")]
    [TestCase("{batching: {maxBatchSize: 0}}", "spec.server.batching.maxBatchSize", "greater than or equal to 1")]
    [TestCase("{batching: {maxDelay: 11s}}", "spec.server.batching.maxDelay", "must be from 0s to 10s")]
    [TestCase("{batching: {maxDelay: 2s}, requestTimeout: 2s}", "spec.server.batching.maxDelay", "must be less than requestTimeout")]
    [TestCase("{maxConcurrency: -1}", "spec.server.maxConcurrency", "greater than or equal to 0")]
    public async Task A_server_setting_out_of_bounds_is_refused(string server, params string[] words) =>
        await RefusedAsync(Manifest.Of(more: $"  server: {server}"), words);

    [TestCase("-1000000000000000", "greater than or equal to 0")]
    [TestCase("10000000000000000000", "less than or equal to 1")]
    [TestCase("'-1'", "should match")]
    [TestCase("'1e600000'", "should match")]
    [TestCase("'99999999999999999999999999999999'", "should match")]
    public async Task A_quantity_that_no_pod_can_have_is_refused(string memory, string word) =>
        await RefusedAsync(Manifest.Of(more: $"  server: {{resources: {{limits: {{memory: {memory}}}}}}}"), "spec.server.resources.limits.memory", word);

    [Test]
    public async Task A_version_that_is_not_there_is_told_and_the_old_one_keeps_serving()
    {
        await ServeAsync(Manifest.Of(version: "1"));

        await Kubectl.ApplyAsync(Manifest.Of(version: "9"));
        var message = await WaitConditionAsync("Ready", "False", "ModelLoadFailed");

        message.Should().Contain("9").And.Contain("/models/fraud-detector");
        (await WaitConditionAsync("Stalled", "True", "ModelLoadFailed")).Should().Be(message);
        await WaitConditionAsync("Serving", "True", "Serving");
        ((string?)(await PredictAsync())["model_version"]).Should().Be("1");
        await EventAsync("Warning", "ModelLoadFailed");

        await Kubectl.ApplyAsync(Manifest.Of(version: "2"));
        await HealedAsync();
        ((string?)(await PredictAsync())["model_version"]).Should().Be("2");
    }

    [OwnCluster(OwnClusterAttribute.Processes)]
    [TestCase("garbage", "ONNX")]
    [TestCase("tampered", "SHA256SUMS")]
    public async Task Bytes_that_are_no_model_or_not_the_published_ones_are_told(string model, string word)
    {
        await Kubectl.ApplyAsync(Manifest.Of(uri: $"file://{TestCluster.BrokenModels}/{model}"));

        var message = await WaitConditionAsync("Stalled", "True", "ModelLoadFailed");

        message.Should().Contain("model.onnx").And.Contain(word);
        await WaitConditionAsync("Serving", "False", "NoReadyPod");
        await Kubectl.ApplyAsync(Manifest.Of());
        await HealedAsync();
    }

    [Test]
    public async Task A_digest_that_is_not_that_of_the_version_is_told()
    {
        var wanted = $"sha256:{new string('0', 64)}";
        await Kubectl.ApplyAsync(Manifest.Of(digest: wanted));

        var message = await WaitConditionAsync("Stalled", "True", "ModelLoadFailed");

        message.Should().Contain(wanted).And.MatchRegex("sha256:[0-9a-f]{64}.*sha256:[0-9a-f]{64}");
        await Kubectl.ApplyAsync(Manifest.Of());
        await HealedAsync();
    }

    [Test]
    public async Task A_service_of_the_same_name_that_belongs_to_somebody_else_is_left_alone_and_told()
    {
        await Kubectl.ApplyAsync("{apiVersion: v1, kind: Service, metadata: {name: fraud-detector}, spec: {ports: [{port: 80}]}}");
        await Kubectl.ApplyAsync(Manifest.Of());

        var message = await WaitConditionAsync("Stalled", "True", "ChildNameTaken");

        message.Should().Contain("Service").And.Contain("fraud-detector");
        (await Kubectl.GetAsync("service/fraud-detector", "{.spec.ports[0].port}")).Should().Be("80");
    }

    [Test, Category("Long")]
    public async Task A_name_that_becomes_free_is_taken_though_nothing_tells_that_it_is()
    {
        await Kubectl.ApplyAsync("{apiVersion: v1, kind: Service, metadata: {name: fraud-detector}, spec: {ports: [{port: 80}]}}");
        await Kubectl.ApplyAsync(Manifest.Of());
        await WaitConditionAsync("Stalled", "True", "ChildNameTaken");

        // From here on no pod changes any more: nothing but the operator's own second look can tell that the name is free.
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.readyReplicas}=1", "md/fraud-detector", "--timeout=60s");
        await Kubectl.RunAsync("delete", "service", "fraud-detector");
        await HealedAsync();
    }

    [Test, Category("Long")]
    public async Task A_secret_that_is_not_there_is_told_by_name_and_taken_up_once_it_is_there()
    {
        await Kubectl.ApplyAsync(Manifest.Of(credentialsSecret: "store-keys"));

        // While it waits the pod does not change: nothing but the operator's own second look finds that it has waited for long.
        (await WaitConditionAsync("Ready", "False", "VolumesPending")).Should().Contain("Secret store-keys").And.Contain($"namespace {Namespace}");
        await WaitConditionAsync("Reconciling", "True", "VolumesPending");

        await Kubectl.ApplyAsync("{apiVersion: v1, kind: Secret, metadata: {name: store-keys}, stringData: {AWS_ACCESS_KEY_ID: key}}");
        await HealedAsync();
    }

    [Test]
    public async Task A_pod_template_that_no_pod_can_be_built_from_is_told_and_what_serves_goes_on()
    {
        await ServeAsync(Manifest.Of());

        await Kubectl.ApplyAsync(Manifest.Of(more: "  podTemplate: {spec: {containers: [{name: server, imagePullPolice: Always}]}}"));

        (await WaitConditionAsync("Stalled", "True", "InvalidPodTemplate")).Should().Contain("imagePullPolice");
        await WaitConditionAsync("Serving", "True", "Serving");
        await Kubectl.ApplyAsync(Manifest.Of());
        await HealedAsync();
    }

    [TestCase("-1e0")]
    [TestCase("1/0")]
    public async Task A_quantity_of_a_pod_template_that_no_pod_can_have_is_told(string memory)
    {
        await Kubectl.ApplyAsync(Manifest.Of(more: $"  podTemplate: {{spec: {{containers: [{{name: server, resources: {{limits: {{memory: '{memory}'}}}}}}]}}}}"));

        (await WaitConditionAsync("Stalled", "True", "InvalidPodTemplate")).Should().Contain($"containers[0].resources.limits.memory: '{memory}' is no quantity");
        await Kubectl.ApplyAsync(Manifest.Of());
        await HealedAsync();
    }

    [Test]
    public async Task An_image_that_cannot_be_pulled_is_told()
    {
        await Kubectl.ApplyAsync(Manifest.Of(more: "  server: {image: registry.example/nothing:1}"));

        (await WaitConditionAsync("Stalled", "True", "ImagePullFailed")).Should().Contain("registry.example/nothing:1");
        await Kubectl.ApplyAsync(Manifest.Of(more: "  server: {image: ''}"));
        await HealedAsync();
    }

    private async Task RefusedAsync(string manifest, params string[] words)
    {
        var result = await Kubectl.TryApplyAsync(manifest);

        result.ExitCode.Should().NotBe(0);
        foreach (var word in words)
        {
            result.Error.Should().Contain(word);
        }

        (await Kubectl.RunAsync("get", "md", "-o", "name")).Should().BeEmpty();
    }

    private async Task HealedAsync()
    {
        await WaitConditionAsync("Ready", "True", "Ready");
        (await Kubectl.GetAsync("md/fraud-detector", "{.status.conditions[*].type}")).Should().Be("Ready Serving");
        await PredictAsync();
    }
}
