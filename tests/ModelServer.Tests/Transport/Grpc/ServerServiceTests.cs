using Grpc.Core;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(60_000)]
internal sealed class ServerServiceTests
{
    [Test]
    public async Task A_server_is_live_before_it_is_ready(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);
        using var client = GrpcClient.Of(server);

        (await client.Inference.ServerLiveAsync(new(), cancellationToken: cancellationToken)).Live.Should().BeTrue();
        (await client.Inference.ServerReadyAsync(new(), cancellationToken: cancellationToken)).Ready.Should().BeFalse();
        (await client.Inference.ModelReadyAsync(new() { Name = "m" }, cancellationToken: cancellationToken)).Ready.Should().BeFalse();
        await server.Host.LoadAsync(cancellationToken);
        (await client.Inference.ServerReadyAsync(new(), cancellationToken: cancellationToken)).Ready.Should().BeTrue();
        (await client.Inference.ModelReadyAsync(new() { Name = "m", Version = "1" }, cancellationToken: cancellationToken)).Ready.Should().BeTrue();
    }

    [Test]
    public async Task A_server_describes_itself_and_its_model(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Classifier(), cancellationToken);
        using var client = GrpcClient.Of(server);

        var about = await client.Inference.ServerMetadataAsync(new(), cancellationToken: cancellationToken);
        var model = await client.Inference.ModelMetadataAsync(new() { Name = "m" }, cancellationToken: cancellationToken);

        about.Name.Should().Be("slipway");
        about.Version.Should().MatchRegex("^[0-9]+\\.[0-9]+\\.[0-9]+$");
        model.Should().Be(new ModelMetadataResponse
        {
            Name = "m",
            Versions = { "1" },
            Platform = "onnx_onnxv1",
            Inputs = { Tensor("x", "FP32", -1, 2) },
            Outputs = { Tensor("label", "INT64", -1), Tensor("probabilities", "FP32", -1, 2) },
        });
    }

    [Test]
    public async Task What_is_not_here_is_not_found(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = GrpcClient.Of(server);

        var ready = await GrpcClient.FailureAsync(async () => await client.Inference.ModelReadyAsync(new() { Name = "other" }, cancellationToken: cancellationToken));
        var metadata = await GrpcClient.FailureAsync(async () => await client.Inference.ModelMetadataAsync(new() { Name = "m", Version = "9" }, cancellationToken: cancellationToken));
        var index = await GrpcClient.FailureAsync(async () => await client.Inference.RepositoryIndexAsync(new() { RepositoryName = "r" }, cancellationToken: cancellationToken));

        ready.Status.Should().Be(new Status(StatusCode.NotFound, "There is no model 'other' here; this server serves 'm'."));
        metadata.Status.Should().Be(new Status(StatusCode.NotFound, "Model 'm' has no version '9' here; this server serves version '1'."));
        index.Status.Should().Be(new Status(StatusCode.NotFound, "There is no repository 'r' here; leave 'repository_name' empty."));
    }

    [Test]
    public async Task The_index_names_versions_and_their_states(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = GrpcClient.Of(server);

        var index = await client.Inference.RepositoryIndexAsync(new() { Ready = true }, cancellationToken: cancellationToken);

        index.Models.Should().Equal(new RepositoryIndexResponse.Types.ModelIndex { Name = "m", Version = "1", State = "READY" });
    }

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(string name, string datatype, params long[] shape) =>
        new() { Name = name, Datatype = datatype, Shape = { shape } };
}
