using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Tests.Models;

/// <summary>ONNX's numbers for element types.</summary>
internal enum OnnxType
{
    Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, String = 8, Bool = 9, Float16 = 10, Double = 11, UInt32 = 12,
    UInt64 = 13, Complex64 = 14, BFloat16 = 16, Float8E4M3FN = 17, Int4 = 22,
}

/// <summary>Builds the parts of an ONNX model file, just as far as the tests' models need.</summary>
internal static class Onnx
{
    private const int IrVersion = 9;
    private const int Opset = 19;
    private const int MachineLearningOpset = 3;

    /// <summary>Domain of the operators of classical machine learning.</summary>
    public const string MachineLearning = "ai.onnx.ml";

    /// <summary>Domain of functions that a model brings along.</summary>
    public const string Local = "local";

    /// <param name="foreign">Whether it has nodes of <see cref="MachineLearning"/> or <see cref="Local"/>.</param>
    public static byte[] Model(
        IEnumerable<ProtoWriter> nodes,
        IEnumerable<ProtoWriter> inputs,
        IEnumerable<ProtoWriter> outputs,
        IEnumerable<ProtoWriter>? constants = null,
        IEnumerable<ProtoWriter>? functions = null,
        int opset = Opset,
        bool foreign = false) =>
        new ProtoWriter()
            .Number(1, IrVersion)
            .Messages(8, Imports(opset, foreign))
            .Message(7, new ProtoWriter().Messages(1, nodes).Text(2, "graph").Messages(5, constants ?? []).Messages(11, inputs).Messages(12, outputs))
            .Messages(25, functions ?? [])
            .ToArray();

    public static ProtoWriter Function(string name, string[] inputs, string[] outputs, params ProtoWriter[] nodes)
    {
        var function = new ProtoWriter().Text(1, name);
        foreach (var input in inputs)
        {
            function.Text(4, input);
        }

        foreach (var output in outputs)
        {
            function.Text(5, output);
        }

        return function.Messages(7, nodes).Messages(9, Imports(Opset, foreign: true)).Text(10, Local);
    }

    /// <summary>A node of another domain than ONNX's own.</summary>
    public static ProtoWriter ForeignNode(string domain, string op, string[] inputs, string[] outputs, params ProtoWriter[] attributes) =>
        Node(op, inputs, outputs, attributes).Text(7, domain);

    public static ProtoWriter Node(string op, string[] inputs, string[] outputs, params ProtoWriter[] attributes)
    {
        var node = new ProtoWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in outputs)
        {
            node.Text(2, output);
        }

        return node.Text(4, op).Messages(5, attributes);
    }

    public static ProtoWriter IntAttribute(string name, long value) => new ProtoWriter().Text(1, name).Number(3, value).Number(20, 2);

    public static ProtoWriter GraphAttribute(
        string name, IEnumerable<ProtoWriter> nodes, IEnumerable<ProtoWriter> inputs, IEnumerable<ProtoWriter> outputs) => new ProtoWriter()
        .Text(1, name)
        .Message(6, new ProtoWriter().Messages(1, nodes).Text(2, name).Messages(11, inputs).Messages(12, outputs))
        .Number(20, 5);

    public static ProtoWriter TextAttribute(string name, string value) => new ProtoWriter().Text(1, name).Text(4, value).Number(20, 3);

    public static ProtoWriter IntsAttribute(string name, params long[] values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            attribute.Number(8, value);
        }

        return attribute.Number(20, 7);
    }

    public static ProtoWriter StringsAttribute(string name, params string[] values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            attribute.Text(9, value);
        }

        return attribute.Number(20, 8);
    }

    public static ProtoWriter TensorAttribute(string name, ProtoWriter tensor) => new ProtoWriter().Text(1, name).Message(5, tensor).Number(20, 4);

    /// <summary>A tensor input or output; −1 is a dynamic axis.</summary>
    public static ProtoWriter Value(string name, OnnxType type, params long[] shape) =>
        new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, TensorType(type, shape)));

    /// <summary>An input or output that the file gives no type, which the runtime then finds out.</summary>
    public static ProtoWriter UntypedValue(string name) => new ProtoWriter().Text(1, name);

    /// <summary>A sequence of maps to float, as a ZipMap gives.</summary>
    public static ProtoWriter MapsValue(string name, OnnxType key) => new ProtoWriter().Text(1, name).Message(2, new ProtoWriter()
        .Message(4, new ProtoWriter().Message(1, new ProtoWriter()
            .Message(5, new ProtoWriter().Number(1, (long)key).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Number(1, (long)OnnxType.Float)))))));

    /// <summary>A value that may be absent.</summary>
    public static ProtoWriter OptionalValue(string name, OnnxType type, params long[] shape) =>
        new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(9, new ProtoWriter().Message(1, new ProtoWriter().Message(1, TensorType(type, shape)))));

    public static ProtoWriter SequenceValue(string name, OnnxType type, params long[] shape) =>
        new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(4, new ProtoWriter().Message(1, new ProtoWriter().Message(1, TensorType(type, shape)))));

    public static ProtoWriter Floats(string name, long[] shape, params float[] values) =>
        Tensor(name, OnnxType.Float, shape).Bytes(9, MemoryMarshal.AsBytes<float>(values));

    public static ProtoWriter Longs(string name, long[] shape, params long[] values) =>
        Tensor(name, OnnxType.Int64, shape).Bytes(9, MemoryMarshal.AsBytes<long>(values));

    /// <summary>A tensor of any type but string, from its bytes.</summary>
    public static ProtoWriter Raw(string name, OnnxType type, long[] shape, ReadOnlySpan<byte> bytes) => Tensor(name, type, shape).Bytes(9, bytes);

    /// <summary>A float tensor whose bytes are in another file.</summary>
    public static ProtoWriter ExternalFloats(string name, long[] shape, string location) => Tensor(name, OnnxType.Float, shape)
        .Message(13, new ProtoWriter().Text(1, "location").Text(2, location))
        .Number(14, 1);

    private static ProtoWriter Tensor(string name, OnnxType type, long[] shape)
    {
        var tensor = new ProtoWriter();
        foreach (var axis in shape)
        {
            tensor.Number(1, axis);
        }

        return tensor.Number(2, (long)type).Text(8, name);
    }

    private static IEnumerable<ProtoWriter> Imports(int opset, bool foreign)
    {
        yield return new ProtoWriter().Text(1, "").Number(2, opset);
        if (foreign)
        {
            yield return new ProtoWriter().Text(1, MachineLearning).Number(2, MachineLearningOpset);
            yield return new ProtoWriter().Text(1, Local).Number(2, 1);
        }
    }

    private static ProtoWriter TensorType(OnnxType type, long[] shape) => new ProtoWriter()
        .Number(1, (long)type)
        .Message(2, new ProtoWriter().Messages(1, shape.Select((axis, i) => axis < 0 ? new ProtoWriter().Text(2, i == 0 ? "N" : $"D{i}") : new ProtoWriter().Number(1, axis))));
}
