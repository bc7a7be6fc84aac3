using Slipway.DevCluster.ApiServer.Discovery;

namespace Slipway.DevCluster.Tests.ApiServer.Discovery;

public sealed class AggregatedDiscoveryTests
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    [TestCase(Aggregated, true)]
    [TestCase("application/json;as=APIGroupDiscoveryList;v=v9;g=apidiscovery.k8s.io," + Aggregated, true)]
    [TestCase("application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json", false)]
    [TestCase("application/json", false)]
    public void The_form_is_given_when_a_clause_asks_for_its_version(string accept, bool isGiven) =>
        AggregatedDiscovery.IsAskedFor(accept).Should().Be(isGiven);

    [Test]
    public void Only_unknown_forms_leave_nothing_to_answer()
    {
        AggregatedDiscovery.IsUnknownForm("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList").Should().BeTrue();
        AggregatedDiscovery.IsUnknownForm("application/json").Should().BeFalse();
    }
}
