using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference;

internal sealed class SignatureTests
{
    [TestCase(OnnxType.Float8E4M3FN, "float8e4m3fn")]
    [TestCase(OnnxType.Int4, "int4")]
    public void An_output_of_a_type_that_the_protocol_cannot_name_is_refused_by_name(OnnxType type, string called)
    {
        var model = Onnx.Model(
            [Onnx.Node("Cast", ["x"], ["small"], Onnx.IntAttribute("to", (long)type))],
            [Onnx.Value("x", OnnxType.Float, -1)],
            [Onnx.Value("small", type, -1)]);

        WhyNot(model).Should().Be(
            $"The output 'small' has elements of type {called}, for which the protocol has no name; export the model with another element type there, such as float or int64.");
    }

    [Test]
    public void An_input_of_a_type_that_the_protocol_cannot_name_is_refused_by_name()
    {
        var model = Onnx.Model(
            [Onnx.Node("Identity", ["z"], ["y"])], [Onnx.Value("z", OnnxType.Complex64, -1)], [Onnx.Value("y", OnnxType.Complex64, -1)]);

        WhyNot(model).Should().StartWith("The input 'z' has elements of type complex64,");
    }

    [Test]
    public void A_sequence_is_refused_by_name() => WhyNot(TestModels.Sequence()).Should().Be(
        "The output 'y' is not a tensor but a sequence, for which the protocol has no form; export the model so that this output is a plain tensor, or leave it out.");

    [Test]
    public void An_optional_input_is_refused_by_name()
    {
        var model = Onnx.Model(
            [Onnx.Node("OptionalHasElement", ["maybe"], ["y"])], [Onnx.OptionalValue("maybe", OnnxType.Float, -1)], [Onnx.Value("y", OnnxType.Bool)]);

        WhyNot(model).Should().StartWith("The input 'maybe' is not a tensor but an optional value,");
    }

    [Test]
    public void An_output_without_a_type_in_the_file_is_found_out()
    {
        var model = Onnx.Model([Onnx.Node("Add", ["x", "x"], ["y"])], [Onnx.Value("x", OnnxType.Double, -1, 3)], [Onnx.UntypedValue("y")]);
        using var folder = new ModelFolder().WithModel(model);
        using var session = Sessions.Load(folder);

        session.Outputs.Should().ContainSingle().Which.ToString().Should().Be("'y' (FP64, shape [-1,3])");
    }

    [Test]
    public void A_constant_of_a_type_that_the_protocol_cannot_name_does_not_matter()
    {
        var model = Onnx.Model(
            [Onnx.Node("DequantizeLinear", ["w", "scale"], ["wide"]), Onnx.Node("Add", ["x", "wide"], ["y"])],
            [Onnx.Value("x", OnnxType.Float, 2)],
            [Onnx.Value("y", OnnxType.Float, 2)],
            [Onnx.Raw("w", OnnxType.Int4, [2], [0x21]), Onnx.Floats("scale", [], 0.5f)],
            opset: 21);
        using var folder = new ModelFolder().WithModel(model);
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": [10, 20]}]}""");
        using var result = session.Run(call);

        result.Output(0).Elements<float>().ToArray().Should().Equal(10.5f, 21f);
    }

    private static string WhyNot(byte[] model)
    {
        using var folder = new ModelFolder().WithModel(model);
        return Sessions.WhyNot(folder);
    }
}
