using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Operator.Upgrades;

namespace Slipway.Operator.Tests.Observe;

internal sealed class ObserverTests
{
    [Test]
    public async Task A_pod_that_names_two_ReplicaSets_as_its_owners_is_one_pod()
    {
        var model = A.Model();
        using var cluster = new Cluster();
        cluster.Deployments.Add(A.Deployment(model));
        cluster.ReplicaSets.AddRange([new() { Metadata = Owned("old", "uid-old", "uid-d") }, new() { Metadata = Owned("new", "uid-new", "uid-d") }]);
        cluster.Pods.AddRange([new() { Metadata = Owned("shared", "uid-1", "uid-old", "uid-new") }, new() { Metadata = Owned("own", "uid-2", "uid-new") }]);

        var observed = await cluster.Observer(new UpgradeQueue(1, () => [], NullLogger<UpgradeQueue>.Instance)).ObserveAsync(model, CancellationToken.None);

        observed.ReplicaSets.Should().HaveCount(2);
        observed.Pods.Select(pod => pod.Metadata.Name).Should().BeEquivalentTo("shared", "own");
    }

    private static V1ObjectMeta Owned(string name, string uid, params string[] owners) => new()
    {
        Name = name,
        NamespaceProperty = "payments",
        Uid = uid,
        OwnerReferences = [.. owners.Select(owner => new V1OwnerReference { Kind = "owner", Name = owner, Uid = owner })],
    };
}
