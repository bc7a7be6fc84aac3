using Slipway.Api;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class ModelMetricsTests
{
    [Test]
    public void Each_condition_is_told_with_every_status()
    {
        var model = A.Model(
            autoscaling: A.Autoscaling(1, 10),
            status: new() { ObservedGeneration = 3, Replicas = 4, Conditions = [new() { Type = "Ready", Status = "True" }, new() { Type = "Autoscaled", Status = "Unknown" }] });

        Write(model).Should().Be("""
            # HELP slipway_modeldeployment_status_condition Conditions of a ModelDeployment: 1 for the status that each of them has.
            # TYPE slipway_modeldeployment_status_condition gauge
            slipway_modeldeployment_status_condition{namespace="payments",name="fraud-detector",type="Ready",status="True"} 1
            slipway_modeldeployment_status_condition{namespace="payments",name="fraud-detector",type="Ready",status="False"} 0
            slipway_modeldeployment_status_condition{namespace="payments",name="fraud-detector",type="Ready",status="Unknown"} 0
            slipway_modeldeployment_status_condition{namespace="payments",name="fraud-detector",type="Autoscaled",status="True"} 0
            slipway_modeldeployment_status_condition{namespace="payments",name="fraud-detector",type="Autoscaled",status="False"} 0
            slipway_modeldeployment_status_condition{namespace="payments",name="fraud-detector",type="Autoscaled",status="Unknown"} 1
            # HELP slipway_modeldeployment_replicas Pods that a ModelDeployment has.
            # TYPE slipway_modeldeployment_replicas gauge
            slipway_modeldeployment_replicas{namespace="payments",name="fraud-detector"} 4
            # HELP slipway_modeldeployment_replicas_max Pods that the autoscaler of a ModelDeployment may make, where it has a choice.
            # TYPE slipway_modeldeployment_replicas_max gauge
            slipway_modeldeployment_replicas_max{namespace="payments",name="fraud-detector"} 10
            # HELP slipway_modeldeployment_scaled_to_zero 1 for a ModelDeployment that is to have no pods.
            # TYPE slipway_modeldeployment_scaled_to_zero gauge

            """);
    }

    [Test]
    public void A_model_that_the_operator_has_not_looked_at_has_no_series_and_neither_has_one_that_is_gone()
    {
        Lines(Write(A.Model(status: new() { ObservedGeneration = ModelDeploymentStatus.Unseen }))).Should().BeEmpty();
        Lines(Write(A.Model())).Should().BeEmpty();
        Lines(Write()).Should().BeEmpty();
    }

    [Test]
    public void A_scaler_without_a_choice_has_no_limit() =>
        Lines(Write(A.Model(autoscaling: A.Autoscaling(3, 3), status: new() { ObservedGeneration = 3, Replicas = 3 }))).Should().ContainSingle().Which.Should().StartWith("slipway_modeldeployment_replicas{");

    [TestCase("ScaledToZero", 1)]
    [TestCase("NoReadyPod", 0)]
    public void A_model_that_is_to_have_no_pods_is_told_apart_from_one_that_has_none(string reason, int value) =>
        Lines(Write(A.Model(status: new() { ObservedGeneration = 3, Conditions = [new() { Type = "Serving", Status = "False", Reason = reason }] })))
            .Should().Contain($"slipway_modeldeployment_scaled_to_zero{{namespace=\"payments\",name=\"fraud-detector\"}} {value}");

    private static string Write(params ModelDeployment[] models) => string.Concat(ModelMetrics.Series(models));

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(line => line.Length > 0 && line[0] != '#');
}
