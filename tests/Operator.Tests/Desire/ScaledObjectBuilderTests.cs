using System.Text.Json.Nodes;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Desire;

internal sealed class ScaledObjectBuilderTests
{
    private const string Prometheus = "http://prometheus.monitoring:9090";

    [Test]
    public void Every_metric_with_fallback_and_authentication()
    {
        var behavior = JsonNode.Parse("""{"scaleDown":{"stabilizationWindowSeconds":60}}""")!.AsObject();
        var keda = new Api.KedaSpec { ServerAddress = "https://metrics.example/team-a", AuthenticationRef = "prometheus", CooldownPeriod = "2m30s", Fallback = new() { Replicas = 6 } };
        var scaling = A.Autoscaling(2, 20, "KEDA", keda, behavior, [("Cpu", 70), ("Memory", 80), ("Concurrency", 8), ("RequestsPerSecond", 100), ("QueueTime", 20)]);

        Golden.Match(Build(A.Model(autoscaling: scaling))!, "scaled-object");
    }

    [Test]
    public void The_operators_prometheus_is_asked_where_the_spec_names_none() =>
        Build(A.Model(autoscaling: A.Autoscaling(engine: "KEDA", metrics: ("Concurrency", 8))))!.Spec!.Triggers!.Single().Metadata["serverAddress"].Should().Be(Prometheus);

    [TestCase("Concurrency", "", true)]
    [TestCase("Concurrency", Prometheus, false)]
    [TestCase("Cpu", "", false)]
    public void An_address_is_needed_for_figures_of_prometheus_alone(string metric, string prometheusUrl, bool lacks) =>
        ScaledObjectBuilder.LacksAddress(A.Model(autoscaling: A.Autoscaling(engine: "KEDA", metrics: (metric, 70))).Spec, prometheusUrl).Should().Be(lacks);

    [Test]
    public void It_takes_over_the_autoscaler_that_it_follows_and_keeps_that_name_while_it_lives()
    {
        var model = A.Model(autoscaling: A.Autoscaling(engine: "KEDA"));
        var autoscaler = HorizontalPodAutoscalerBuilder.Build(A.Context(A.Model(autoscaling: A.Autoscaling())))!;

        var first = Build(model, Scalers.None with { Own = autoscaler })!;
        var later = Build(model, Scalers.None with { ScaledObject = first })!;

        first.Metadata.Annotations.Should().Contain(new KeyValuePair<string, string>("scaledobject.keda.sh/transfer-hpa-ownership", "true"));
        first.Spec!.Advanced!.HorizontalPodAutoscalerConfig!.Name.Should().Be("fraud-detector");
        later.Should().BeEquivalentTo(first);
    }

    [Test]
    public void One_that_follows_nothing_takes_over_nothing()
    {
        var built = Build(A.Model(autoscaling: A.Autoscaling(engine: "KEDA")))!;

        built.Metadata.Annotations.Should().BeNull();
        built.Spec!.Advanced!.HorizontalPodAutoscalerConfig.Should().BeNull();
        built.Spec.Advanced.RestoreToOriginalReplicaCount.Should().BeFalse("its end must not scale the model");
    }

    [Test]
    public void None_is_wanted_without_autoscaling_or_with_the_other_engine()
    {
        Build(A.Model()).Should().BeNull();
        Build(A.Model(autoscaling: A.Autoscaling())).Should().BeNull();
    }

    private static ScaledObject? Build(Api.ModelDeployment model, Scalers? scalers = null) =>
        ScaledObjectBuilder.Build(A.Context(model) with { PrometheusUrl = Prometheus, Scalers = scalers ?? Scalers.None });
}
