using Slipway.DevCluster.Nodes;

namespace Slipway.DevCluster.Tests.Nodes;

internal sealed class PodAddressesTests
{
    [Test]
    public void Addresses_lie_in_the_range_and_are_not_given_twice()
    {
        var addresses = new PodAddresses(254);

        var given = Enumerable.Range(0, 300).Select(_ => addresses.Take()).ToList();

        given.Should().OnlyHaveUniqueItems().And.OnlyContain(address => address.StartsWith("127.64.", StringComparison.Ordinal));
        given[0].Should().Be("127.64.0.254");
        given[2].Should().Be("127.64.1.0");
    }

    [Test]
    public void A_returned_address_waits_until_the_others_were_given()
    {
        var addresses = new PodAddresses();
        var first = addresses.Take();

        addresses.Return(first);

        addresses.Take().Should().NotBe(first);
    }
}
