using k8s.Models;
using Slipway.DevCluster.Controllers.Scheduling;

namespace Slipway.DevCluster.Tests.Controllers.Scheduling;

internal sealed class NodeFitTests
{
    [Test]
    public void A_node_without_the_selected_label_is_refused_in_the_schedulers_words()
    {
        var pod = Pod();
        pod.Spec.NodeSelector = new Dictionary<string, string> { ["no"] = "where" };

        PodBinder.Message([NodeFit.Refusal(pod, Node(), [])!]).Should().Be(
            "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
    }

    [Test]
    public void Requests_beyond_what_is_left_of_the_node_are_refused()
    {
        NodeFit.Refusal(Pod(cpu: "1500m"), Node(), []).Should().BeNull();
        NodeFit.Refusal(Pod(cpu: "1500m"), Node(), [Pod(cpu: "600m")]).Should().Be("Insufficient cpu");
    }

    private static V1Pod Pod(string cpu = "100m") => new()
    {
        Metadata = new() { Name = "p" },
        Spec = new() { Containers = [new() { Name = "main", Resources = new() { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } } }] },
    };

    private static V1Node Node() => new()
    {
        Metadata = new() { Name = "node" },
        Spec = new(),
        Status = new() { Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("2"), ["pods"] = new("110") } },
    };
}
