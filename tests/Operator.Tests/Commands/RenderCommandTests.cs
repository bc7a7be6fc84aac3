using System.Text.Json.Nodes;
using Slipway.Operator.Commands;
using Slipway.Operator.Manifests;

namespace Slipway.Operator.Tests.Commands;

internal sealed class RenderCommandTests
{
    [Test]
    public void Every_child_of_a_sample_is_printed_as_yaml_that_can_be_applied()
    {
        var (exit, output, errors) = Run(Sample("autoscaling/hpa.yaml"));

        errors.Should().BeEmpty();
        exit.Should().Be(0);
        var children = Yaml.ParseAll(output).Cast<JsonObject>().ToList();
        children.Select(child => (string)child["kind"]!).Should().BeEquivalentTo(
            "ServiceAccount", "ControllerRevision", "ConfigMap", "ConfigMap", "Deployment", "Service", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler",
            "ServiceMonitor", "PrometheusRule");
        children.Should().OnlyContain(child => child["metadata"]!["namespace"] != null && child["metadata"]!["ownerReferences"] == null);
    }

    [Test]
    public void As_json_the_same_objects_are_one_list()
    {
        var (exit, output, _) = Run(Sample("autoscaling/hpa.yaml"), "--output", "json");

        exit.Should().Be(0);
        var list = JsonNode.Parse(output)!;
        ((string?)list["kind"]).Should().Be("List");
        list["items"]!.AsArray().Select(child => (string)child!["kind"]!).Should().Equal(Kinds(Run(Sample("autoscaling/hpa.yaml")).Output));
    }

    [Test]
    public void A_scaler_of_KEDA_is_printed_though_no_cluster_has_KEDA() =>
        Kinds(Run(Sample("autoscaling/keda.yaml"), "--prometheus-url", "http://prometheus:9090").Output).Should().Contain("ScaledObject").And.NotContain("HorizontalPodAutoscaler");

    [Test]
    public void Rules_are_printed_though_no_cluster_has_the_Prometheus_Operator() =>
        Kinds(Run(Sample("fraud-detection/modeldeployment.yaml")).Output).Should().Contain(["ServiceMonitor", "PrometheusRule"]);

    [Test]
    public void The_image_is_the_one_that_is_named() =>
        Run(Sample("fraud-detection/modeldeployment.yaml"), "--server-image", "registry.test/server:9").Output.Should().Contain("image: registry.test/server:9");

    [Test]
    public void What_is_wrong_is_told_and_nothing_printed()
    {
        var (exit, output, errors) = Run(Path.Combine(Repository.Root, "tests", "Operator.Tests", "Commands", "bad", "name.yaml"));

        exit.Should().Be(1);
        output.Should().BeEmpty();
        errors.Should().Contain("metadata.name");
    }

    private static string Sample(string file) => Path.Combine(Repository.Root, "samples", file);

    private static IEnumerable<string> Kinds(string output) => Yaml.ParseAll(output).Select(child => (string)child!["kind"]!);

    private static (int Exit, string Output, string Errors) Run(string path, params string[] more)
    {
        using StringWriter output = new(), errors = new();
        var exit = RenderCommand.Create().Parse(["-f", path, .. more]).Invoke(new() { Output = output, Error = errors });
        return (exit, output.ToString(), errors.ToString());
    }
}
