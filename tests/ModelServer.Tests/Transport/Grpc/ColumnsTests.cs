using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

internal sealed class ColumnsTests
{
    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(60_000)]
    public async Task Columns_are_told_in_the_metadata_and_with_each_answer(bool raw, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.NumberZipMap()).WithText("model.yaml", "name: Counter"), cancellationToken);
        using var client = GrpcClient.Of(server);
        var request = raw
            ? GrpcClient.Raw("x", "FP32", [1, 3], new byte[12])
            : GrpcClient.Request(GrpcClient.Floats("x", [1, 3], 10, 9, -1));

        var metadata = await client.Inference.ModelMetadataAsync(new ModelMetadataRequest { Name = "m" }, cancellationToken: cancellationToken);
        var answer = await client.InferAsync(request, cancellationToken);

        const string Columns = """["-1","9","10"]""";
        metadata.Properties.Should().Equal(new Dictionary<string, string> { ["columns.y"] = Columns, ["display_name"] = "Counter" });
        answer.Outputs[0].Parameters["columns"].StringParam.Should().Be(Columns);
        answer.RawOutputContents.Count.Should().Be(raw ? 1 : 0);
    }
}
