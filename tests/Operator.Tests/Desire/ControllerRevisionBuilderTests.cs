using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Operator.Desire;
using Slipway.Operator.Manifests;

namespace Slipway.Operator.Tests.Desire;

internal sealed class ControllerRevisionBuilderTests
{
    private static readonly string Digest = $"sha256:{new string('a', 64)}";

    [Test]
    public void The_first_of_a_model() => Golden.Match(Tree(Build(A.Model(server: new() { RequestTimeout = "20s", MaxConcurrency = 8 }))), "controller-revision");

    [Test]
    public void A_digest_that_is_known() => Golden.Match(Tree(Build(A.Model(), Digest)), "controller-revision-digest");

    [Test]
    public void It_holds_what_its_name_is_taken_from_and_nothing_that_is_rendered()
    {
        var rendered = A.Context(A.Model(replicas: 9, rollout: new() { RevisionHistoryLimit = 3 })) with { PrometheusUrl = "http://prometheus:9090" };

        KubernetesJson.Serialize(ControllerRevisionBuilder.Build(rendered with { ServerImage = "other/image:2" }, []).Data)
            .Should().Be("""{"model":{"uri":"s3://acme-models/fraud-detector","version":"7"}}""");
    }

    [Test]
    public void Every_new_one_gets_the_next_number()
    {
        var second = Build(A.Model("8"), existing: A.Record(A.Model(), 1));

        second.Revision.Should().Be(2);
        Build(A.Model("8"), existing: [A.Record(A.Model(), 1), second]).Revision.Should().Be(2, "it keeps its number");
    }

    [Test]
    public void An_earlier_input_that_comes_back_is_the_newest_again() =>
        Build(A.Model(), existing: [A.Record(A.Model(), 1), A.Record(A.Model("8"), 2)]).Revision.Should().Be(3);

    [Test]
    public void Two_that_were_numbered_alike_are_told_apart() =>
        Build(A.Model(), existing: [A.Record(A.Model(), 2), A.Record(A.Model("8"), 2)]).Revision.Should().Be(3);

    [Test]
    public void The_data_of_one_that_exists_stays_as_it_cannot_be_changed()
    {
        var written = A.Record(A.Model(), 1);
        written.Data = new JsonObject { ["written"] = "before" };

        KubernetesJson.Serialize(Build(A.Model(), existing: written).Data).Should().Be("""{"written":"before"}""");
    }

    [Test]
    public void What_others_add_to_an_older_one_stays_theirs()
    {
        var applied = A.Record(A.Model(), 1, Digest);
        applied.Metadata.Labels["example.com/team"] = "a";
        applied.Metadata.Annotations["example.com/note"] = "b";
        applied.Metadata.Annotations[Names.AppliedHash] = "abc";
        applied.Metadata.ResourceVersion = "17";

        var kept = ControllerRevisionBuilder.Keep(A.Model("8"), applied);

        KubernetesJson.Serialize(kept).Should().Be(KubernetesJson.Serialize(A.Record(A.Model(), 1, Digest)));
    }

    /// <summary>Its data is of no type that the writer of YAML knows.</summary>
    private static Dictionary<string, object> Tree(V1ControllerRevision record) =>
        KubernetesYaml.Deserialize<Dictionary<string, object>>(Yaml.Write(JsonNode.Parse(KubernetesJson.Serialize(record))!));

    private static V1ControllerRevision Build(Api.ModelDeployment model, string digest = "", params V1ControllerRevision[] existing) =>
        ControllerRevisionBuilder.Build(new(model, Revision.Of(model.Spec), A.ServerImage) { Digest = digest }, existing);
}
