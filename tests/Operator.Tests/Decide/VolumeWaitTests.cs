using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Decide;

internal sealed class VolumeWaitTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_long_wait_is_told_with_all_that_may_be_missing_and_claims_nothing()
    {
        var model = A.Model(uri: "pvc://models/fraud-detector", credentialsSecret: "acme-keys");
        var pod = Waiting(model, seconds: 30);
        pod.Spec.Volumes.Add(new() { Name = "tls", Secret = new() { SecretName = "tls", Items = [new() { Key = "ca.crt", Path = "ca.crt" }] } });
        pod.Spec.Volumes.Add(new() { Name = "all", Projected = new() { Sources = [new() { Secret = new() { Name = "token" } }, new() { ServiceAccountToken = new() { Path = "token" } }] } });
        pod.Spec.Volumes.Add(new() { Name = "words", ConfigMap = new() { Name = "words" } });
        pod.Spec.Volumes.Add(new() { Name = "more", Secret = new() { SecretName = "perhaps", Optional = true } });

        var decision = Decide(model, pod);

        var ready = decision.Status.Conditions[0];
        (ready.Status, ready.Reason).Should().Be(("False", "VolumesPending"));
        ready.Message.Should().Be(
            "Pod fraud-detector-x-1: its volumes, or its network, have not been ready since 2025-12-31T23:59:30Z."
            + " Does namespace payments have PersistentVolumeClaim models, Secret acme-keys, Secret tls with ca.crt, Secret token, ConfigMap words?"
            + " kubectl describe pod fraud-detector-x-1 -n payments tells what is missing.");
        decision.Status.Conditions.Should().NotContain(condition => condition.Type == "Stalled");
        decision.CheckAgain.Should().BeNull("the pod itself tells of its end");
    }

    [TestCase(0, 30)]
    [TestCase(29, 1)]
    [TestCase(-3600, 30, TestName = "A_short_wait_is_not_told_and_looked_at_again_when_it_is_long(the clocks differ)")]
    public void A_short_wait_is_not_told_and_looked_at_again_when_it_is_long(int seconds, int pause)
    {
        var model = A.Model(credentialsSecret: "acme-keys");

        var decision = Decide(model, Waiting(model, seconds));

        decision.Status.Conditions[0].Reason.Should().Be("RollingOut");
        decision.CheckAgain.Should().Be(TimeSpan.FromSeconds(pause));
    }

    [Test]
    public void An_image_that_takes_long_is_none()
    {
        var model = A.Model(credentialsSecret: "acme-keys");
        var pod = Waiting(model, seconds: 3600);
        pod.Status.Conditions[0].Status = "True";

        Decide(model, pod).Status.Conditions[0].Reason.Should().Be("RollingOut");
    }

    [Test]
    public void With_the_deadline_it_is_the_users_and_told_all_the_same()
    {
        var model = A.Model(credentialsSecret: "acme-keys");

        var stalled = Decide(model, Waiting(model, seconds: 700), "ProgressDeadlineExceeded").Status.Conditions.Single(condition => condition.Type == "Stalled");

        stalled.Reason.Should().Be("ProgressDeadlineExceeded");
        stalled.Message.Should().Contain("Secret acme-keys");
    }

    private static Decision Decide(ModelDeployment model, V1Pod pod, string progressing = "ReplicaSetUpdated") =>
        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, available: 0, progressing: progressing), pod) with { At = Now }), Now);

    /// <summary>A pod as the operator makes it, whose node has not made its volumes.</summary>
    private static V1Pod Waiting(ModelDeployment model, int seconds)
    {
        var pod = A.Pod(
            model,
            state: new() { Waiting = new() { Reason = "ContainerCreating" } },
            condition: new() { Type = "PodReadyToStartContainers", Status = "False", LastTransitionTime = Now.UtcDateTime.AddSeconds(-seconds) });
        pod.Spec = PodTemplateBuilder.Build(new(model, Revision.Of(model.Spec), A.ServerImage)).Spec;
        return pod;
    }
}
