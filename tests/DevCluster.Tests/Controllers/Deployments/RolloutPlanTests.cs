using k8s.Models;
using Slipway.DevCluster.Controllers.Deployments;

namespace Slipway.DevCluster.Tests.Controllers.Deployments;

internal sealed class RolloutPlanTests
{
    [Test]
    public void A_rolling_update_begins_with_the_surge()
    {
        var old = Set("old", 3, available: 3);

        RolloutPlan.NewSize(Deployment(3), null, [old]).Should().Be(1);
    }

    [Test]
    public void Old_pods_go_only_when_new_ones_are_available()
    {
        var deployment = Deployment(3, unavailable: "0");
        var old = Set("old", 3, available: 3);

        RolloutPlan.RollingUpdate(deployment, Set("new", 1, available: 0), [old]).Should().BeEmpty();
        RolloutPlan.RollingUpdate(deployment, Set("new", 1, available: 1), [old]).Should().Equal((old, 2));
    }

    [Test]
    public void Broken_old_pods_go_first()
    {
        var broken = Set("broken", 2, available: 0, age: 1);
        var healthy = Set("healthy", 3, available: 3, age: 2);

        RolloutPlan.RollingUpdate(Deployment(3, unavailable: "0"), Set("new", 1, available: 1), [healthy, broken])
            .Should().Contain((broken, 0));
    }

    [Test]
    public void A_change_of_size_in_the_middle_of_a_roll_out_is_shared()
    {
        var (old, next) = (Set("old", 8, available: 8), Set("new", 4, available: 2));

        RolloutPlan.Scale(Deployment(16), next, [old]).Sum(step => step.Size).Should().Be(20);
    }

    private static V1Deployment Deployment(int replicas, string unavailable = "25%") => new()
    {
        Metadata = new() { Name = "web" },
        Spec = new() { Replicas = replicas, Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = "25%", MaxUnavailable = unavailable } } },
    };

    private static V1ReplicaSet Set(string name, int replicas, int available, int age = 1) => new()
    {
        Metadata = new() { Name = name, CreationTimestamp = DateTime.UnixEpoch.AddHours(-age) },
        Spec = new() { Replicas = replicas },
        Status = new() { Replicas = replicas, AvailableReplicas = available },
    };
}
