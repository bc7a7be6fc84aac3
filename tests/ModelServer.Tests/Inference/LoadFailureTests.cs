using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference;

internal sealed class LoadFailureTests
{
    [Test]
    public void A_file_that_is_no_model_is_to_be_uploaded_again() =>
        WhyNot([1, 2, 3, 4]).Should().Match("model.onnx cannot be loaded by ONNX Runtime: *. The file is damaged or no ONNX model: upload it again as a new version.");

    [Test]
    public void An_operator_of_another_library_is_told_from_a_fault() => WhyNot(Onnx.Model(
            [Onnx.ForeignNode("com.example", "Secret", ["x"], ["y"])], [Onnx.Value("x", OnnxType.Float, 1)], [Onnx.Value("y", OnnxType.Float, 1)]))
        .Should().Match("*Secret*. This server runs the operators of ONNX and of ONNX Runtime, none of other libraries: export it without that one.");

    [Test]
    public void An_opset_of_the_future_is_told_from_a_fault() => WhyNot(Onnx.Model(
            [Onnx.Node("Identity", ["x"], ["y"])], [Onnx.Value("x", OnnxType.Float, 1)], [Onnx.Value("y", OnnxType.Float, 1)], opset: 999))
        .Should().Match("*Opset 999 is under development*. Export it with an older opset, or run a newer server.");

    [Test]
    public void Data_that_was_not_uploaded_is_asked_for() =>
        WhyNot(TestModels.ExternalWeights("weights.bin")).Should().Match("*weights.bin*. Upload the files with its tensors into the same folder, as a new version.");

    private static string WhyNot(byte[] model)
    {
        using var folder = new ModelFolder().WithModel(model);
        return Sessions.WhyNot(folder);
    }
}
