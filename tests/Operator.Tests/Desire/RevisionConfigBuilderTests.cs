using k8s;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class RevisionConfigBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(RevisionConfigBuilder.Build(A.Context())!, "revision-config");

    [Test]
    public void Every_setting_that_needs_a_restart_is_in_it()
    {
        var server = new ServerSpec
        {
            Batching = new() { Mode = "On", MaxBatchSize = 16, MaxDelay = "1ms" },
            Threads = new() { IntraOp = 2, InterOp = 3 },
            Runtime = new() { Optimization = "Basic", Execution = "Parallel", MemoryArena = false, MemoryPattern = false, Instances = 4 },
            MaxConcurrency = 9,
            RequestTimeout = "20s",
        };

        Golden.Match(RevisionConfigBuilder.Build(A.Context(A.Model(server: server))), "revision-config-settings");
    }

    [TestCase("null")]
    [TestCase("true")]
    [TestCase("1e3")]
    [TestCase("007")]
    public void A_name_that_YAML_could_take_for_something_else_stays_text(string text)
    {
        var model = A.Model(version: text);
        model.Metadata.Name = text;
        var yaml = RevisionConfigBuilder.Build(A.Context(model)).Data[ServerContract.ConfigFile];

        var read = new YamlDotNet.Serialization.DeserializerBuilder()
            .WithNamingConvention(YamlDotNet.Serialization.NamingConventions.CamelCaseNamingConvention.Instance)
            .WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<Dictionary<string, object>>(yaml);

        (read["model"], read["version"]).Should().Be((text, text));
    }

    [Test]
    public void One_that_exists_stays_as_an_earlier_operator_wrote_it()
    {
        var model = A.Model();
        var written = RevisionConfigBuilder.Build(new(model, Revision.Of(model.Spec), A.ServerImage));
        written.Data = new Dictionary<string, string> { [ServerContract.ConfigFile] = "written: before" };
        var observed = A.Observed(model, null) with { Configs = [written] };

        Desired.For(observed, new(A.ServerImage)).Children.OfType<V1ConfigMap>().Single(config => config.Metadata.Name == written.Metadata.Name).Data[ServerContract.ConfigFile]
            .Should().Be("written: before", "it is immutable, and a revision is named after the user's input alone");
    }

    [Test]
    public void What_others_add_to_an_older_one_stays_theirs()
    {
        var applied = RevisionConfigBuilder.Build(A.Context());
        applied.Metadata.Labels["example.com/team"] = "a";
        applied.Metadata.OwnerReferences.Add(new() { ApiVersion = "v1", Kind = "ConfigMap", Name = "other", Uid = "uid-2" });

        var kept = RevisionConfigBuilder.Keep(A.Model(), applied);

        KubernetesJson.Serialize(kept).Should().Be(KubernetesJson.Serialize(RevisionConfigBuilder.Build(A.Context())));
    }

    [Test]
    public void An_older_one_is_kept_exactly_as_it_was_applied()
    {
        var applied = RevisionConfigBuilder.Build(A.Context());
        applied.Metadata.ResourceVersion = "17";
        applied.Metadata.Annotations = new Dictionary<string, string> { [Names.AppliedHash] = "abc" };

        var kept = RevisionConfigBuilder.Keep(A.Model(), applied);

        KubernetesJson.Serialize(kept).Should().Be(KubernetesJson.Serialize(RevisionConfigBuilder.Build(A.Context())));
    }
}
