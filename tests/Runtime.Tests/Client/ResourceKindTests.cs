using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ResourceKindTests
{
    [Test]
    public void Paths_follow_group_scope_and_namespace()
    {
        ResourceKind.Of<V1Pod>().CollectionPath("").Should().Be("api/v1/pods");
        ResourceKind.Of<V1Pod>().ObjectPath(new("ns", "p")).Should().Be("api/v1/namespaces/ns/pods/p");
        ResourceKind.Of<V1Deployment>().CollectionPath("ns").Should().Be("apis/apps/v1/namespaces/ns/deployments");
        ResourceKind.Of<Widget>().ObjectPath(new("ns", "w"), "status").Should().Be("apis/test.dev/v1/namespaces/ns/widgets/w/status");
        ResourceKind.Of<V1Node>().CollectionPath("ns").Should().Be("api/v1/nodes", "nodes live in no namespace");
        ResourceKind.Of<V1Node>().ObjectPath(new("", "n")).Should().Be("api/v1/nodes/n");
    }

    [Test]
    public void Kubernetes_own_groups_are_built_in_and_others_are_not()
    {
        ResourceKind.Of<V1Deployment>().BuiltIn.Should().BeTrue();
        ResourceKind.Of<V1NetworkPolicy>().BuiltIn.Should().BeTrue();
        ResourceKind.Of<Widget>().BuiltIn.Should().BeFalse();
    }
}
