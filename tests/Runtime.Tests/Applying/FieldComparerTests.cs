using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class FieldComparerTests
{
    private static readonly ResourceKind DeploymentKind = ResourceKind.Of<V1Deployment>();
    private static readonly ResourceKind ServiceKind = ResourceKind.Of<V1Service>();
    private static readonly ResourceKind PolicyKind = ResourceKind.Of<V1NetworkPolicy>();
    private static readonly ResourceKind CustomKind = ResourceKind.Of<Widget>();

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Same("what the server added", DeploymentKind, """{"spec":{"a":1}}""", """{"spec":{"a":1,"b":2},"status":{}}""");
        yield return Same("an empty list that is not stored", DeploymentKind, """{"spec":{"list":[]}}""", """{"spec":{}}""");
        yield return Same("a number in another form", DeploymentKind, """{"spec":{"a":1}}""", """{"spec":{"a":1.0}}""");
        yield return Same("cpu in another unit", DeploymentKind, Container("""{"name":"a","resources":{"limits":{"cpu":"1000m"}}}"""), Container("""{"name":"a","resources":{"limits":{"cpu":"1"}}}"""));
        yield return Same("memory in another unit", DeploymentKind, Container("""{"name":"a","resources":{"requests":{"memory":"1024Mi"}}}"""), Container("""{"name":"a","resources":{"requests":{"memory":"1Gi"}}}"""));
        yield return Same("a port as text", ServiceKind, """{"spec":{"ports":[{"port":80,"targetPort":"8080"}]}}""", """{"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":8080}]}}""");
        yield return Same("a custom kind's duration", CustomKind, """{"spec":{"interval":"60s"}}""", """{"spec":{"interval":"1m"}}""");
        yield return Same("containers in another order", DeploymentKind, Container("""{"name":"a"}""", """{"name":"b"}"""), Container("""{"name":"b"}""", """{"name":"a"}"""));
        yield return Same("a container that somebody injected", DeploymentKind, Container("""{"name":"a"}"""), Container("""{"name":"sidecar"}""", """{"name":"a"}"""));
        yield return Same("a defaulted protocol in the key", DeploymentKind, Container("""{"name":"a","ports":[{"containerPort":80}]}"""), Container("""{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"}]}"""));
        yield return Same("defaults inside a whole list", PolicyKind, """{"spec":{"ingress":[{"ports":[{"port":80}]}]}}""", """{"spec":{"ingress":[{"ports":[{"port":80,"protocol":"TCP"}]}]}}""");

        yield return Same("a number in another form in the key", DeploymentKind, Container("""{"name":"a","ports":[{"containerPort":80,"name":"x"},{"containerPort":81}]}"""), Container("""{"name":"a","ports":[{"containerPort":81},{"containerPort":80.0,"name":"x"}]}"""));

        yield return Differs("a key that two share, which makes no map", DeploymentKind, Container("""{"name":"a"}""", """{"name":"b"}"""), Container("""{"name":"b"}""", """{"name":"b"}"""), """.spec.template.spec.containers[0].name""");
        yield return Differs("a number in place of its text in the key", DeploymentKind, Container("""{"name":"a","ports":[{"containerPort":80}]}"""), Container("""{"name":"a","ports":[{"containerPort":"80"}]}"""), """.spec.template.spec.containers[name="a"].ports[containerPort=80,protocol="TCP"]""");
        yield return Differs("a changed leaf", DeploymentKind, """{"spec":{"a":{"b":1}}}""", """{"spec":{"a":{"b":2}}}""", ".spec.a.b");
        yield return Differs("a missing leaf", DeploymentKind, """{"spec":{"a":1}}""", """{"spec":{}}""", ".spec.a");
        yield return Differs("text that only looks like a quantity", DeploymentKind, Container("""{"name":"a","env":[{"name":"E","value":"1000m"}]}"""), Container("""{"name":"a","env":[{"name":"E","value":"1"}]}"""), """.spec.template.spec.containers[name="a"].env[name="E"].value""");
        yield return Differs("a label that looks like a duration", CustomKind, """{"metadata":{"labels":{"interval":"60s"}}}""", """{"metadata":{"labels":{"interval":"1m"}}}""", ".metadata.labels.interval");
        yield return Differs("another amount", DeploymentKind, Container("""{"name":"a","resources":{"limits":{"cpu":"1"}}}"""), Container("""{"name":"a","resources":{"limits":{"cpu":"2"}}}"""), """.spec.template.spec.containers[name="a"].resources.limits.cpu""");
        yield return Differs("a missing container", DeploymentKind, Container("""{"name":"a"}"""), Container("""{"name":"b"}"""), """.spec.template.spec.containers[name="a"]""");
        yield return Differs("a missing port of two with one number", ServiceKind, """{"spec":{"ports":[{"port":53,"protocol":"UDP"}]}}""", """{"spec":{"ports":[{"port":53,"protocol":"TCP"}]}}""", """.spec.ports[port=53,protocol="UDP"]""");
        yield return Differs("a longer whole list", PolicyKind, """{"spec":{"policyTypes":["Ingress"]}}""", """{"spec":{"policyTypes":["Ingress","Egress"]}}""", ".spec.policyTypes");
        yield return Differs("the order of a whole list", DeploymentKind, Container("""{"name":"a","args":["x","y"]}"""), Container("""{"name":"a","args":["y","x"]}"""), """.spec.template.spec.containers[name="a"].args[0]""");
        yield return Differs("a custom kind's list, whatever its name", CustomKind, """{"spec":{"containers":[{"name":"a"}]}}""", """{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}""", ".spec.containers");
        yield return Differs("an object in place of a value", DeploymentKind, """{"spec":{"a":{}}}""", """{"spec":{"a":1}}""", ".spec.a");
        yield return Differs("true in place of its text", DeploymentKind, """{"spec":{"a":true}}""", """{"spec":{"a":"true"}}""", ".spec.a");

        static TestCaseData Same(string name, ResourceKind kind, string desired, string live) => Case(name, kind, desired, live, null);

        static TestCaseData Differs(string name, ResourceKind kind, string desired, string live, string path) => Case(name, kind, desired, live, path);

        static TestCaseData Case(string name, ResourceKind kind, string desired, string live, string? path) =>
            new TestCaseData(kind, desired, live, path).SetArgDisplayNames(name, path is null ? "is the same" : $"differs at {path}");

        static string Container(params string[] containers) =>
            """{"spec":{"template":{"spec":{"containers":[""" + string.Join(',', containers) + "]}}}}";
    }

    [TestCaseSource(nameof(Cases))]
    public void Desired_and_live_are_compared_by_value(object kind, string desired, string live, string? path) =>
        FieldComparer.FirstDifference((ResourceKind)kind, Parse(desired), Parse(live))?.ToString().Should().Be(path);

    [Test]
    public async Task An_amount_that_takes_for_ever_to_compute_with_is_another_one()
    {
        var (wanted, found) = (Parse("""{"spec":{"hard":{"cpu":"1"}}}"""), Parse("""{"spec":{"hard":{"cpu":"1e100000000"}}}"""));

        // Elsewhere, so that what never ends fails and does not hang.
        (await Task.Run(() => FieldComparer.FirstDifference(DeploymentKind, wanted, found)).WithinLimit())?.ToString().Should().Be(".spec.hard.cpu");
    }

    [Test]
    public void Any_tree_equals_itself_with_more_added_and_differs_once_a_leaf_is_taken_away() =>
        Prop.ForAll(Trees().ToArbitrary(), tree =>
        {
            var live = (JsonObject)tree.DeepClone();
            live["added"] = "by the server";
            FieldComparer.FirstDifference(DeploymentKind, tree, live).Should().BeNull();
            if (tree.Count > 0)
            {
                var name = tree.First().Key;
                live.Remove(name);
                FieldComparer.FirstDifference(DeploymentKind, tree, live)!.ToString().Should().Be($".{name}");
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public async Task Long_lists_take_no_time_to_speak_of()
    {
        const int many = 50_000;
        var (desired, live) = (Environment(Enumerable.Range(0, many)), Environment(Enumerable.Range(1, many).Reverse()));

        // Elsewhere, so that what takes many minutes fails and does not hold up the other tests.
        var difference = await Task.Run(() => FieldComparer.FirstDifference(DeploymentKind, desired, live)).WaitAsync(TimeSpan.FromSeconds(60));

        difference!.ToString().Should().Be(""".spec.template.spec.containers[name="a"].env[name="A0"]""");

        static JsonObject Environment(IEnumerable<int> numbers) =>
            Parse("""{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[""" + string.Join(',', numbers.Select(number => $$"""{"name":"A{{number}}"}""")) + "]}]}}}}");
    }

    private static Gen<JsonObject> Trees()
    {
        var names = Gen.Elements("a", "b", "env", "name", "limits", "port");
        var leaves = ArbMap.Default.GeneratorFor<int>().Select(value => (JsonNode)JsonValue.Create(value));
        return Gen.Sized(size => Tree(Math.Min(size, 4)));

        Gen<JsonObject> Tree(int depth) => names.Zip(depth == 0 ? leaves : Gen.OneOf(leaves, Tree(depth - 1).Select(inner => (JsonNode)inner)))
            .ListOf()
            .Select(fields => new JsonObject(fields
                .Select(field => (Name: field.Item1, Value: field.Item2))
                .DistinctBy(field => field.Name)
                .Select(field => new KeyValuePair<string, JsonNode?>(field.Name, field.Value.DeepClone()))));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
