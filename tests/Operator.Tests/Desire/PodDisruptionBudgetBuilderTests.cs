using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class PodDisruptionBudgetBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(PodDisruptionBudgetBuilder.Build(A.Context())!, "pod-disruption-budget");

    [TestCase(0)]
    [TestCase(1)]
    public void With_fewer_than_two_replicas_none_is_wanted(int replicas) =>
        PodDisruptionBudgetBuilder.Build(A.Context(A.Model(replicas: replicas))).Should().BeNull();
}
