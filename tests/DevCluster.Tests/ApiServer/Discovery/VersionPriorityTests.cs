using Slipway.DevCluster.ApiServer.Discovery;

namespace Slipway.DevCluster.Tests.ApiServer.Discovery;

public sealed class VersionPriorityTests
{
    private static readonly string[] Versions = ["foo10", "v1alpha1", "v12alpha1", "v3beta1", "v10", "v11beta2", "v1", "foo1", "v2"];

    [Test]
    public void Stable_comes_before_beta_before_alpha_and_higher_numbers_first() =>
        Versions.Order(VersionPriority.Instance)
            .Should().Equal("v10", "v2", "v1", "v11beta2", "v3beta1", "v12alpha1", "v1alpha1", "foo1", "foo10");
}
