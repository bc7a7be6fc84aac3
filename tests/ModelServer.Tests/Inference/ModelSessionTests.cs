using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference;

internal sealed class ModelSessionTests
{
    [Test]
    public void A_session_is_freed_only_when_the_last_call_is_back()
    {
        using var folder = new ModelFolder();
        var session = Load(folder, TestModels.Counting());
        var call = session.Rent();
        call.Prepare(0, [1], 1).Elements<long>()[0] = 3;

        session.Dispose();
        using (var outputs = session.Run(call, CancellationToken.None))
        {
            outputs[0].GetTensorDataAsSpan<long>()[0].Should().Be(3);
        }

        session.CallsOut.Should().Be(1);
        call.Dispose();
        call.Dispose();
        session.CallsOut.Should().Be(0);
        session.Invoking(gone => gone.Rent()).Should().Throw<ObjectDisposedException>();
    }

    [Test]
    public void An_output_that_is_a_sequence_is_refused_with_what_to_do()
    {
        using var folder = new ModelFolder();

        var load = () => Load(folder, TestModels.Sequence());

        load.Should().Throw<ModelRejectedException>().WithMessage("The output 'y' is not a tensor but a sequence; export the model so that it gives plain tensors*");
    }

    [Test]
    public void An_element_type_that_cannot_be_served_is_refused_with_what_to_do()
    {
        using var folder = new ModelFolder();

        var load = () => Load(folder, TestModels.EightBitFloat());

        load.Should().Throw<ModelRejectedException>().WithMessage("model.onnx has an input or output whose element type cannot be served*; export it with an element type of the protocol*");
    }

    private static ModelSession Load(ModelFolder folder, byte[] model) =>
        ModelSession.Load(Path.Combine(folder.WithModel(model).Path, "1", "model.onnx"), intraOpThreads: 1, interOpThreads: 1);
}
