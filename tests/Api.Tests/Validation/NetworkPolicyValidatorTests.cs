using System.Text.Json.Nodes;
using Slipway.Api.Validation;

namespace Slipway.Api.Tests.Validation;

internal sealed class NetworkPolicyValidatorTests
{
    [TestCase("""{"podSelector":{"matchLabels":{"app":"shop"}}}""")]
    [TestCase("""{"podSelector":{},"namespaceSelector":{"matchLabels":{"team":"payments"}}}""")]
    [TestCase("""{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}""")]
    public void A_peer_of_kubernetes_is_taken(string peer) => Errors(new() { From = [Json(peer)], MonitoringFrom = [Json(peer)] }).Should().BeEmpty();

    [TestCase("""{}""", "spec.networkPolicy.from[0]")]
    [TestCase("""{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}""", "spec.networkPolicy.from[0]")]
    [TestCase("""{"podSelector":{"matchLabel":{"app":"shop"}}}""", "spec.networkPolicy.from[0].podSelector.matchLabel")]
    public void A_peer_that_would_select_something_else_is_refused_by_its_place(string peer, string path) =>
        Errors(new() { From = [Json(peer)] }).Should().Equal(path);

    [Test]
    public void Egress_is_what_kubernetes_knows()
    {
        Errors(new() { Egress = [Json("""{"to":[{"ipBlock":{"cidr":"169.254.169.254/32"}}],"ports":[{"port":80}]}""")] }).Should().BeEmpty();
        Errors(new() { Egress = [Json("""{"to":[]}"""), Json("""{"from":[{"podSelector":{}}]}""")] }).Should().Equal("spec.networkPolicy.egress[1].from");
    }

    [Test]
    public void A_port_that_is_none_is_refused_by_its_place() =>
        Errors(new() { Egress = [Json("""{"ports":[{"port":true}]}""")] }).Should().Equal("spec.networkPolicy.egress[0].ports[0].port");

    [Test]
    public void Lists_are_bounded() => Errors(new() { Egress = [.. Enumerable.Repeat(Json("{}"), 65)] }).Should().Equal("spec.networkPolicy.egress");

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static IEnumerable<string> Errors(NetworkPolicySpec policy) =>
        ModelDeploymentValidator.Validate(A.Model(networkPolicy: policy)).Select(error => error.Path);
}
