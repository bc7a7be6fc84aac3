using System.Net;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(60_000)]
internal sealed class RestTransportTests
{
    [Test]
    public async Task A_model_answers_what_it_computes(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (status, body) = await server.InferAsync(
            """{"id":"a1","inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2.5,-3,0,1e2,0.1]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK);
        body.ToJsonString().Should().Be(
            """{"model_name":"m","model_version":"1","id":"a1","outputs":[{"name":"y","datatype":"FP32","shape":[2,3],"data":[2,5,-6,0,200,0.2]}]}""");
    }

    [TestCase("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,2,3],[4,5,6]]}]}""", Description = "nested")]
    [TestCase("""{"inputs":[{"data":[1,2,3,4,5,6],"datatype":"FP32","shape":[2,3],"name":"x"}]}""", Description = "data first")]
    [TestCase(""" {"x":{"a":[1,{"b":null}]},"parameters":{"timeout":1},"outputs":[],"inputs":[{"parameters":{},"name":"\u0078","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]} """, Description = "unknown fields")]
    public async Task A_request_may_be_written_in_several_ways(string json, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (status, body) = await server.InferAsync(json, cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        body["outputs"]![0]!["data"]!.ToJsonString().Should().Be("[2,4,6,8,10,12]");
    }
}
