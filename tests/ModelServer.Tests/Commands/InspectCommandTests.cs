using System.Text;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Commands;

[CancelAfter(120_000)]
internal sealed class InspectCommandTests
{
    [Test]
    public async Task A_models_inputs_and_outputs_are_printed_as_they_would_be_served(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Classifier());
        await using var inspect = Inspect(folder);

        (await inspect.ExitAsync(cancellationToken)).Should().Be(0, inspect.Errors);

        inspect.Output.Should().Equal("input   FP32   [-1,2] x", "output  INT64  [-1] label", "output  FP32   [-1,2] probabilities");
    }

    [Test]
    public async Task A_file_that_is_not_there_is_named(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().With("1", "other", [1]);
        await using var inspect = Inspect(folder);

        (await inspect.ExitAsync(cancellationToken)).Should().Be(1);

        inspect.Errors.Should().Be($"There is no file {folder.Path}/1/model.onnx.");
    }

    [Test]
    public async Task What_the_server_would_refuse_is_refused_with_the_same_sentence(CancellationToken cancellationToken)
    {
        using var garbage = new ModelFolder().WithModel(Encoding.ASCII.GetBytes("this is no model"));
        using var outside = new ModelFolder().WithModel(TestModels.ExternalWeights("../w.bin"));
        await using var first = Inspect(garbage);
        await using var second = Inspect(outside);

        (await first.ExitAsync(cancellationToken)).Should().Be(1);
        (await second.ExitAsync(cancellationToken)).Should().Be(1);

        first.Errors.Should().StartWith("model.onnx cannot be loaded by ONNX Runtime:");
        second.Errors.Should().StartWith("model.onnx keeps a tensor in '../w.bin', which is not a path inside the version's folder;");
    }

    private static ServerProcess Inspect(ModelFolder folder) =>
        ServerProcess.Start(new Dictionary<string, string>(), "inspect", "--model", $"{folder.Path}/1/model.onnx");
}
