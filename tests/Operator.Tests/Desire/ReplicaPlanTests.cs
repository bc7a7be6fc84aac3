using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class ReplicaPlanTests
{
    [Test]
    public void Without_autoscaling_the_spec_says_how_many() => Plan(A.Model(replicas: 4), 7).Should().BeEquivalentTo(new { Stated = 4, Wanted = 4, Least = 4, Most = 4, HandOver = false });

    [Test]
    public void A_model_that_scales_starts_with_the_least() =>
        ReplicaPlan.Of(Scaled(3).Spec, null).Should().BeEquivalentTo(new { Stated = 3, Wanted = 3, Least = 3, Most = 10, HandOver = false });

    [Test]
    public void Once_it_exists_the_number_is_handed_over_and_left_to_the_scaler()
    {
        var plan = Plan(Scaled(3), 7);

        plan.Should().BeEquivalentTo(new { Stated = (int?)null, Wanted = 7, Least = 3, Most = 10, HandOver = true });
        plan.Annotations.Should().BeEquivalentTo(Marks(Ignored(1)));
    }

    [Test]
    public void It_is_handed_over_once() => Plan(Scaled(3), 7, Ignored(1)).HandOver.Should().BeFalse();

    [Test]
    public void A_number_that_was_kept_meanwhile_is_handed_over_again() => Plan(Scaled(3), 7, Ignored(1), Kept(7)).HandOver.Should().BeTrue();

    [Test]
    public void A_model_that_somebody_scaled_below_the_least_is_judged_by_what_there_is() => Plan(Scaled(3), 0, Ignored(1)).Should().BeEquivalentTo(new { Wanted = 0, Least = 0 });

    [Test]
    public void Switched_off_the_number_stays_as_the_scaler_left_it()
    {
        var plan = Plan(A.Model(replicas: 1), 7, Ignored(1));

        plan.Should().BeEquivalentTo(new { Stated = 7, Wanted = 7, Most = 7, HandOver = false });
        plan.Annotations.Should().BeEquivalentTo(Marks(Ignored(1), Kept(7)));
    }

    [Test]
    public void What_was_kept_stays_though_somebody_scales_the_deployment() => Plan(A.Model(replicas: 1), 9, Ignored(1), Kept(7)).Stated.Should().Be(7);

    [TestCase(5, TestName = "A_number_in_the_spec_that_changed_counts_at_once(with the switch)")]
    public void A_number_in_the_spec_that_changed_counts_at_once(int replicas)
    {
        Plan(A.Model(replicas: replicas), 7, Ignored(1)).Should().BeEquivalentTo(new { Stated = replicas, HandOver = false });
        Plan(A.Model(replicas: replicas), 7, Ignored(1), Kept(7)).Annotations.Should().BeEmpty();
    }

    [Test]
    public void The_spec_that_does_not_count_is_followed_while_it_scales() => Plan(A.Model(replicas: 4, autoscaling: A.Autoscaling()), 7, Ignored(1)).Annotations.Should().BeEquivalentTo(Marks(Ignored(4)));

    [Test]
    public void The_deployment_is_built_by_the_plan()
    {
        var context = A.Context(Scaled(3)) with { Replicas = Plan(Scaled(3), 7) };

        var deployment = A.Built(context);

        deployment.Spec.Replicas.Should().BeNull();
        deployment.Metadata.Annotations.Should().Contain(Ignored(1)).And.NotContainKey("slipway.dev/kept-replicas");
    }

    private static ModelDeployment Scaled(int min) => A.Model(replicas: 1, autoscaling: A.Autoscaling(min));

    private static KeyValuePair<string, string> Ignored(int number) => new("slipway.dev/ignored-replicas", $"{number}");

    private static KeyValuePair<string, string> Kept(int number) => new("slipway.dev/kept-replicas", $"{number}");

    private static Dictionary<string, string> Marks(params KeyValuePair<string, string>[] annotations) => new(annotations);

    private static ReplicaPlan Plan(ModelDeployment model, int live, params KeyValuePair<string, string>[] annotations)
    {
        var deployment = new V1Deployment { Metadata = new() { Annotations = Marks(annotations) }, Spec = new() { Replicas = live, Selector = new(), Template = new() } };
        return ReplicaPlan.Of(model.Spec, deployment);
    }
}
