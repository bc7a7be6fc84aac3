using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Slipway.Api.Crd;
using Slipway.Api.Validation;

namespace Slipway.Api.Tests.Validation;

internal sealed class ModelDeploymentValidatorTests
{
    [TestCase("s3://acme-models/fraud-detector")]
    [TestCase("s3://acme-models")]
    [TestCase("file:///models/fraud-detector")]
    [TestCase("gs://acme_models.eu/fraud-detector")]
    [TestCase("az://acmemodels/models/fraud-detector")]
    [TestCase("https://models.example:8443/fraud-detector")]
    [TestCase("pvc://team-models/fraud-detector")]
    [TestCase("pvc://team-models")]
    public void A_model_with_a_supported_uri_is_valid(string uri) => Errors(A.Model(uri: uri)).Should().BeEmpty();

    [TestCase("models/fraud-detector")]
    [TestCase("ftp://models/x")]
    [TestCase("s3://")]
    [TestCase("s3://UPPER/x")]
    [TestCase("file://relative")]
    [TestCase("gs://A/x")]
    [TestCase("az://acmemodels")]
    [TestCase("az://acme-models/models/x")]
    [TestCase("http://models.example/x")]
    [TestCase("https://user:password@models.example/x")]
    [TestCase("pvc://")]
    [TestCase("pvc://Claim/x")]
    [TestCase("pvc://claim/../x")]
    [TestCase("pvc://claim/x/..")]
    [TestCase("pvc://claim/%2e%2e/x")]
    [TestCase("s3://acme-models/a b")]
    [TestCase("s3://acme-models/a?x=1")]
    public void Another_uri_is_refused_by_path(string uri) => Errors(A.Model(uri: uri)).Should().Equal("spec.model.uri");

    [TestCase("../7")]
    [TestCase("a/b")]
    [TestCase("-7")]
    [TestCase("")]
    public void A_version_that_is_no_folder_name_is_refused(string version) => Errors(A.Model(version: version)).Should().Equal("spec.model.version");

    [Test]
    public void The_latest_version_needs_a_store_that_can_list() =>
        Errors(A.Model(uri: "https://models.example/x", version: "latest")).Should().Equal("spec.model.version");

    [TestCase("sha256:abc")]
    [TestCase("md5:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_digest_of_another_form_is_refused(string digest) => Errors(A.Model(digest: digest)).Should().Equal("spec.model.digest");

    [TestCase("Fraud")]
    [TestCase("1st")]
    [TestCase("a.b")]
    [TestCase("a-name-that-goes-on-and-on-until-it-is-far-too-long-for-a-service")]
    public void A_name_that_no_service_could_have_is_refused(string name) => Errors(A.Model(name: name)).Should().Equal("metadata.name");

    [TestCase("0s")]
    [TestCase("61m")]
    [TestCase("soon")]
    public void A_request_timeout_out_of_bounds_is_refused(string timeout) =>
        Errors(A.Model(server: new() { RequestTimeout = timeout })).Should().Equal("spec.server.requestTimeout");

    [TestCase("11s")]
    [TestCase("soon")]
    public void A_batching_delay_out_of_bounds_is_refused(string delay) =>
        Errors(A.Model(server: new() { Batching = new() { MaxDelay = delay } })).Should().Equal("spec.server.batching.maxDelay");

    [TestCase("4s", "4s")]
    [TestCase("5s", "4s")]
    public void A_batching_delay_that_no_request_could_wait_for_is_refused(string delay, string timeout) =>
        Errors(A.Model(server: new() { RequestTimeout = timeout, Batching = new() { MaxDelay = delay } })).Should().Equal("spec.server.batching.maxDelay");

    [Test]
    public void Every_word_that_the_schema_allows_is_valid()
    {
        foreach (var mode in Words("batching", "mode"))
        {
            Errors(A.Model(server: new() { Batching = new() { Mode = mode } })).Should().BeEmpty(mode);
        }

        foreach (var (optimization, execution) in Words("runtime", "optimization").Zip([.. Words("runtime", "execution"), "Auto"]))
        {
            Errors(A.Model(server: new() { Runtime = new() { Optimization = optimization, Execution = execution } })).Should().BeEmpty($"{optimization}, {execution}");
        }
    }

    [Test]
    public void Every_server_setting_out_of_bounds_is_refused_by_its_path() =>
        Errors(A.Model(server: new()
        {
            Batching = new() { Mode = "Sometimes", MaxBatchSize = 0 },
            Threads = new() { IntraOp = 0, InterOp = 257 },
            Runtime = new() { Optimization = "Most", Execution = "Random", Instances = 1025 },
            MaxConcurrency = -1,
            RequestLog = "Sometimes",
        })).Should().Equal(
            "spec.server.batching.mode", "spec.server.batching.maxBatchSize", "spec.server.threads.intraOp", "spec.server.threads.interOp",
            "spec.server.runtime.optimization", "spec.server.runtime.execution", "spec.server.runtime.instances", "spec.server.maxConcurrency", "spec.server.requestLog");

    [Test]
    public void A_latency_threshold_out_of_bounds_is_refused() =>
        Errors(A.Model(monitoring: new() { Slo = new() { Latency = new() { Threshold = "2h" } } })).Should().Equal("spec.monitoring.slo.latency.threshold");

    [Test]
    public void A_request_above_its_limit_is_refused()
    {
        var resources = new ResourceRequirements
        {
            Requests = new Dictionary<string, Quantity> { ["memory"] = new("2Gi") },
            Limits = new Dictionary<string, Quantity> { ["memory"] = new("1024Mi") },
        };

        Errors(A.Model(server: new() { Resources = resources })).Should().Equal("spec.server.resources.requests.memory");
    }

    [TestCase("\"-1e0\"")]
    [TestCase("\"-1\"")]
    [TestCase("\"1e600000\"")]
    [TestCase("\"99999999999999999999999999999999\"")]
    [TestCase("\"1/0\"")]
    [TestCase("-1000000000000000")]
    [TestCase("1e99")]
    [TestCase("null")]
    public async Task A_stored_quantity_that_is_none_is_told_by_its_path(string value)
    {
        var json = """{"metadata":{"name":"m"},"spec":{"model":{"uri":"s3://acme/models","version":"1"},"server":{"resources":{"requests":{"memory":"1Gi"},"limits":{"memory":VALUE}}}}}"""
            .Replace("VALUE", value, StringComparison.Ordinal);

        // Elsewhere, so that what never ends fails and does not hang.
        var errors = await Task.Run(() => Errors(KubernetesJson.Deserialize<ModelDeployment>(json)).ToList()).WaitAsync(TimeSpan.FromSeconds(10));

        errors.Should().Equal("spec.server.resources.limits.memory");
    }

    [Test]
    public void A_pod_template_has_only_metadata_and_spec()
    {
        var model = A.Model();
        model.Spec = model.Spec with { PodTemplate = new JsonObject { ["kind"] = "Pod" } };

        Errors(model).Should().Equal("spec.podTemplate.kind");
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void A_pod_template_has_at_most_256_KiB(int more, bool valid)
    {
        const string around = """{"metadata":{"annotations":{"é":""}}}""";
        var model = A.Model();
        var value = new string('x', 256 * 1024 - Encoding.UTF8.GetByteCount(around) + more);
        model.Spec = model.Spec with { PodTemplate = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["é"] = value } } } };

        Errors(model).Should().Equal(valid ? [] : ["spec.podTemplate"]);
    }

    [TestCase(-1, false)]
    [TestCase(0, true)]
    [TestCase(20, true)]
    [TestCase(21, false)]
    public void The_history_of_revisions_is_bounded(int limit, bool valid) =>
        Errors(A.Model(rollout: new() { RevisionHistoryLimit = limit })).Should().Equal(valid ? [] : ["spec.rollout.revisionHistoryLimit"]);

    [Test]
    public void All_errors_are_told_at_once() =>
        Errors(A.Model(name: "Fraud", uri: "x", version: "", replicas: -1, rollout: new() { ProgressDeadline = "1s", RevisionHistoryLimit = 99 }))
            .Should().Equal("metadata.name", "spec.model.uri", "spec.model.version", "spec.replicas", "spec.rollout.revisionHistoryLimit", "spec.rollout.progressDeadline");

    private static List<string> Words(string block, string field) =>
        [.. CrdGenerator.Build().Spec.Versions.Single().Schema.OpenAPIV3Schema.Properties["spec"].Properties["server"].Properties[block].Properties[field].EnumProperty.Cast<string>()];

    private static IEnumerable<string> Errors(ModelDeployment model) => ModelDeploymentValidator.Validate(model).Select(error => error.Path);
}
