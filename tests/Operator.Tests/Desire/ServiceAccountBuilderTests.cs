using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class ServiceAccountBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(ServiceAccountBuilder.Build(A.Context())!, "service-account");

    [Test]
    public void An_account_that_the_user_names_is_not_made() =>
        ServiceAccountBuilder.Build(A.Context(A.Model(serviceAccountName: "own"))).Should().BeNull();
}
