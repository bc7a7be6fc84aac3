using System.Net;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

internal sealed class ColumnsTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Columns_and_the_display_name_are_told_in_the_metadata(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.TextZipMap()).WithText("model.yaml", "name: Fraud detector"), cancellationToken);

        var metadata = JsonNode.Parse(await server.Http.GetStringAsync("/v2/models/m", cancellationToken))!;

        metadata["parameters"]!.ToJsonString().Should().Be("""{"display_name":"Fraud detector"}""");
        metadata["outputs"]![0]!["shape"]!.ToJsonString().Should().Be("[-1,2]");
        metadata["outputs"]![0]!["parameters"]!["columns"]!.GetValue<string>().Should().Be("""["fraud","ok"]""");
        metadata["inputs"]![0]!.AsObject().ContainsKey("parameters").Should().BeFalse();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Columns_are_told_with_each_answer(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.NumberZipMap(), cancellationToken);

        var (status, body) = await server.InferAsync(
            """{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 3], "data": [10, 9, -1, 1, 2, 3]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK);
        body["outputs"]![0]!.ToJsonString().Should().Be(
            """{"name":"y","datatype":"FP32","shape":[2,3],"parameters":{"columns":"[\u0022-1\u0022,\u00229\u0022,\u002210\u0022]"},"data":[-1,9,10,3,2,1]}""");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Maps_of_calls_that_run_together_come_apart_again(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.NumberZipMap()).WithText("model.yaml", "batching: {mode: On, maxDelay: 20ms}"), cancellationToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => server.InferAsync(
            $$"""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3], "data": [{{i}}, 9, -1]}]}""", cancellationToken)));

        for (var i = 0; i < answers.Length; i++)
        {
            answers[i].Body["outputs"]![0]!["data"]!.ToJsonString().Should().Be($"[-1,9,{i}]");
        }
    }
}
