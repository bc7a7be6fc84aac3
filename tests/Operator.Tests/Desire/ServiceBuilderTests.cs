using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class ServiceBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(ServiceBuilder.Build(A.Context())!, "service");
}
