using Grpc.Core;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

/// <summary>gRPC is held to the same limits as REST.</summary>
[CancelAfter(60_000)]
internal sealed class RequestLimitsTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task More_elements_than_the_limit_are_refused(bool raw, CancellationToken cancellationToken)
    {
        var failure = await FailureAsync(raw ? GrpcClient.Raw("x", "FP32", [3, 3], new byte[36]) : Typed(3), new() { Elements = 8 }, cancellationToken);

        failure.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        failure.Status.Detail.Should().StartWith("With input 'x' (FP32, shape [-1,3]) of shape [3,3] the request has more than 8 elements, ");
    }

    [Test]
    public async Task More_rows_than_the_limit_are_refused(CancellationToken cancellationToken)
    {
        var failure = await FailureAsync(Typed(3), new() { Rows = 2 }, cancellationToken);

        failure.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        failure.Status.Detail.Should().StartWith("Input 'x' (FP32, shape [-1,3]) of shape [3,3] has more than 2 rows, ");
    }

    [TestCase("inputs")]
    [TestCase("outputs")]
    public async Task More_tensors_than_the_limit_are_refused(string which, CancellationToken cancellationToken)
    {
        var request = Typed(1);
        if (which == "inputs")
        {
            request.Inputs.Add(request.Inputs[0]);
        }
        else
        {
            request.Outputs.Add([new() { Name = "y" }, new() { Name = "z" }]);
        }

        var failure = await FailureAsync(request, new() { Tensors = 1 }, cancellationToken);

        failure.StatusCode.Should().Be(StatusCode.InvalidArgument);
        failure.Status.Detail.Should().Be($"'{which}' has more than 1 entries, the most that this server takes.");
    }

    private static ModelInferRequest Typed(int rows) => GrpcClient.Request(GrpcClient.Floats("x", [rows, 3], new float[rows * 3]));

    private static async Task<RpcException> FailureAsync(ModelInferRequest request, RequestLimits limits, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, settings => settings with { Limits = limits });
        using var client = GrpcClient.Of(server);
        return await GrpcClient.FailureAsync(() => client.InferAsync(request, cancellationToken));
    }
}
