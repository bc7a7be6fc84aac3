using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Desire;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Desire;

internal sealed class PodTemplatePlanTests
{
    private const string NewImage = "registry.example/model-server:2";

    [Test]
    public void A_new_default_image_waits_for_its_turn()
    {
        var model = Ready();
        var live = A.Deployment(model);

        var desired = For(model, live);

        Image(desired).Should().Be(A.ServerImage);
        desired.Template!.Waits.Should().BeTrue();
        Deployment(desired).Metadata.Annotations.Should().BeEquivalentTo(live.Metadata.Annotations);
        Step(model, live, desired).Should().Be(UpgradeStep.Waiting);
    }

    [Test]
    public void A_model_that_waits_stays_Ready_though_the_note_of_its_new_operator_makes_a_generation_that_no_controller_has_seen()
    {
        var model = Ready();
        var live = A.Deployment(model, observed: false);

        Decision.Make(new(A.Observed(model, live), For(model, live), []), DateTimeOffset.UnixEpoch).IsReady.Should().BeTrue();
        Decision.Make(new(A.Observed(model, live), For(model, live, hasTurn: true), []), DateTimeOffset.UnixEpoch).IsReady.Should().BeFalse();
    }

    [Test]
    public void With_its_turn_a_model_gets_the_new_image_and_is_not_Ready_until_its_pods_are()
    {
        var model = Ready();

        var desired = For(model, A.Deployment(model), hasTurn: true);
        Image(desired).Should().Be(NewImage);
        Step(model, A.Deployment(model), desired).Should().Be(UpgradeStep.UnderWay);

        var written = Deployment(desired);
        (written.Metadata.Generation, written.Status) = (5, A.Deployment(model).Status);
        Step(model, written, For(model, written)).Should().Be(UpgradeStep.None, "its pods are all there");
        For(model, written).Template!.Waits.Should().BeFalse();
    }

    [TestCase(true, UpgradeStep.Failed)]
    [TestCase(false, UpgradeStep.None)]
    public void Trouble_counts_against_the_upgrade_unless_it_was_there_before(bool isReady, UpgradeStep step)
    {
        var model = isReady ? Ready() : A.Model();
        var written = Deployment(For(model, A.Deployment(model), hasTurn: true));
        (written.Metadata.Generation, written.Status) = (5, A.Deployment(model, available: 1, progressing: "ProgressDeadlineExceeded").Status);

        Step(model, written, For(model, written)).Should().Be(step);
    }

    [Test]
    public void A_changed_spec_waits_for_nobody()
    {
        var model = Ready();
        var desired = For(A.Model(version: "8"), A.Deployment(model));

        Image(desired).Should().Be(NewImage);
        desired.Template!.Upgrade.Should().BeNull("the user asked for it");
    }

    [Test]
    public void A_Deployment_of_an_operator_that_wrote_no_hash_waits_too()
    {
        var live = A.Deployment(A.Model());
        live.Metadata.Annotations = null;

        For(A.Model(), live).Template!.Waits.Should().BeTrue();
    }

    [Test]
    public void An_image_that_waits_need_not_be_allowed_any_more() =>
        Desired.For(A.Observed(A.Model(), A.Deployment(A.Model())), new(NewImage) { Restrictions = new() { AllowedImages = ["elsewhere.example/"] } }).Fault.Should().BeNull();

    [Test]
    public void An_upgrade_is_under_way_until_all_new_pods_are_there()
    {
        var model = Ready();
        var written = Deployment(For(model, A.Deployment(model), hasTurn: true));
        Upgrading.IsUnderWay(model, A.Deployment(model, available: 1)).Should().BeFalse("nobody but its user changed it");

        foreach (var (status, expected) in new[] { (A.Deployment(model).Status, false), (A.Deployment(model, updated: 1).Status, true), (A.Deployment(model, available: 1).Status, true), (A.Deployment(model, all: 3).Status, true), (null, true) })
        {
            (written.Metadata.Generation, written.Status) = (5, status);
            Upgrading.IsUnderWay(model, written).Should().Be(expected);
        }

        written.Status = A.Deployment(model).Status;
        Upgrading.IsUnderWay(A.Model(), written).Should().BeTrue("status does not say yet that it is Ready");
    }

    private static ModelDeployment Ready()
    {
        var model = A.Model();
        model.Status = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model))), DateTimeOffset.UnixEpoch).Status;
        return model;
    }

    private static Desired For(ModelDeployment model, V1Deployment? live, bool hasTurn = false) =>
        Desired.For(A.Observed(model, live) with { HasUpgradeTurn = hasTurn, WasReady = Operator.Observe.Observed.IsReady(model) }, new(NewImage));

    private static UpgradeStep Step(ModelDeployment model, V1Deployment live, Desired desired) =>
        Decision.Make(new(A.Observed(model, live), desired, Array.Empty<ApplyProblem>()), DateTimeOffset.UnixEpoch).Upgrade;

    private static V1Deployment Deployment(Desired desired) => desired.Children.OfType<V1Deployment>().Single();

    private static string Image(Desired desired) => Deployment(desired).Spec.Template.Spec.Containers.Single().Image;
}
