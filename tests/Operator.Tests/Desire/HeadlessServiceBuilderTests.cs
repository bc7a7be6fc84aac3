using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class HeadlessServiceBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(HeadlessServiceBuilder.Build(A.Context()), "headless-service");
}
