using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>Says what ONNX Runtime said when it refused a model, and what its owner can do about it.</summary>
internal static class LoadFailure
{
    private const string Foreign = "This server runs the operators of ONNX and of ONNX Runtime, none of other libraries: export it without that one";

    // In order: the first that fits is the most telling one.
    private static readonly (string Said, string Advice)[] Known =
    [
        ("Unsupported model IR version", "Export it with an older version of the onnx package, or run a newer server"),
        ("No opset import", Foreign),
        ("is not a registered function/op", Foreign),
        ("No Op registered", Foreign),
        ("opset", "Export it with an older opset, or run a newer server"),
        ("Failed to construct locale", "Install that locale where the server runs"),
        ("Could not find an implementation", "Export it with another element type or opset for that operator"),
        ("Protobuf parsing failed", "The file is damaged or no ONNX model: upload it again as a new version"),
        ("external data", "Upload the files with its tensors into the same folder, as a new version"),
        ("External data", "Upload the files with its tensors into the same folder, as a new version"),
        ("bad allocation", "Give the server more memory, or export a smaller model"),
        ("Unregistered TensorElementType", "Export it with element types of the protocol, such as float or int64, for all inputs and outputs"),
    ];

    public static ModelRejectedException Of(string modelFile, OnnxRuntimeException exception)
    {
        var said = OrtMessage.Of(exception);
        var advice = Array.Find(Known, known => said.Contains(known.Said, StringComparison.Ordinal)).Advice
            ?? "Check it with onnx.checker, export it again and upload it as a new version";
        return new($"{Path.GetFileName(modelFile)} cannot be loaded by ONNX Runtime: {said}. {advice}.", exception);
    }
}
