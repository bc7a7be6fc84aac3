using System.Text.Json.Nodes;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class NetworkPolicyBuilderTests
{
    [Test]
    public void Peers_monitoring_and_a_store_on_the_standard_port() => Golden.Match(
        Build(new() { Enabled = true, From = [Json("""{"podSelector":{"matchLabels":{"app":"shop"}}}""")], MonitoringFrom = [Json("""{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"monitoring"}}}""")] })!,
        "network-policy");

    [Test]
    public void Egress_of_ones_own_takes_the_place_of_the_default() => Golden.Match(
        Build(new() { Enabled = true, Egress = [Json("""{"to":[{"ipBlock":{"cidr":"169.254.169.254/32"}}],"ports":[{"protocol":"TCP","port":80}]}""")] })!.Spec.Egress,
        "network-policy-egress");

    [Test]
    public void Without_peers_nobody_is_let_in_to_the_model() =>
        Build(new() { Enabled = true })!.Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => (string)port.Port).Should().Equal("8082", "8083");

    [Test]
    public void Every_rule_of_ingress_names_its_peers() =>
        Build(new() { Enabled = true }, operatorNamespace: "")!.Spec.Ingress.Should().OnlyContain(rule => rule.FromProperty.Count > 0, "an empty list means everybody");

    [TestCase("https://models.example:8443/fraud", null, "443 8443")]
    [TestCase("https://models.example/fraud", null, "443")]
    [TestCase("s3://acme-models/fraud", """{"spec":{"containers":[{"name":"server","env":[{"name":"AWS_ENDPOINT_URL_S3","value":"http://minio.store:9000"}]}]}}""", "443 9000")]
    [TestCase("s3://acme-models/fraud", """{"spec":{"containers":[{"name":"sidecar","env":[{"name":"AWS_ENDPOINT_URL_S3","value":"http://minio.store:9000"}]}]}}""", "443")]
    [TestCase("s3://acme-models/fraud", """{"spec":{"containers":[{"name":"server","env":[{"name":"AWS_ENDPOINT_URL_S3","valueFrom":{}}]}]}}""", "443")]
    public void The_port_of_the_store_is_let_out_where_the_spec_tells_it(string uri, string? podTemplate, string ports)
    {
        var model = A.Model(uri: uri, podTemplate: podTemplate is null ? null : Json(podTemplate), networkPolicy: new() { Enabled = true });

        var store = NetworkPolicyBuilder.Build(A.Context(model))!.Spec.Egress[^1];

        string.Join(' ', store.Ports.Select(port => (string)port.Port)).Should().Be(ports);
        store.To.Should().BeNull("a NetworkPolicy cannot name a host");
    }

    [Test]
    public void None_is_wanted_unless_it_is_enabled()
    {
        NetworkPolicyBuilder.Build(A.Context()).Should().BeNull();
        Build(new()).Should().BeNull();
    }

    private static V1NetworkPolicy? Build(NetworkPolicySpec policy, string operatorNamespace = "slipway-system") =>
        NetworkPolicyBuilder.Build(A.Context(A.Model(networkPolicy: policy)) with { OperatorNamespace = operatorNamespace });

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
