using System.Text;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.OpenApi;

namespace Slipway.DevCluster.Tests.ApiServer.OpenApi;

public sealed class VersionTwoTests
{
    [Test]
    public void The_document_describes_no_kind_in_the_form_that_was_asked_for()
    {
        (byte[] protobuf, string type) = VersionTwo.Answer("application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
        (byte[] json, string jsonType) = VersionTwo.Answer("application/json");

        type.Should().Be("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
        protobuf.Should().StartWith(Encoding.ASCII.GetBytes("\n\u00032.0\u0012\u0019\n\nKubernetes")).And.EndWith(Encoding.ASCII.GetBytes("B\0"));
        jsonType.Should().Be("application/json");
        JsonNode.Parse(json)!["paths"]!.AsObject().Should().BeEmpty();
    }
}
