using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Tests.Models;

/// <summary>ONNX's numbers for element types.</summary>
internal enum OnnxType
{
    Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, String = 8, Bool = 9, Float16 = 10, Double = 11, UInt32 = 12,
    UInt64 = 13, BFloat16 = 16, Float8E4M3FN = 17,
}

/// <summary>Builds the parts of an ONNX model file, just as far as the tests' models need.</summary>
internal static class Onnx
{
    private const int IrVersion = 9;
    private const int Opset = 19;

    public static byte[] Model(
        IEnumerable<ProtoWriter> nodes, IEnumerable<ProtoWriter> inputs, IEnumerable<ProtoWriter> outputs, IEnumerable<ProtoWriter>? constants = null) =>
        new ProtoWriter()
            .Number(1, IrVersion)
            .Message(8, new ProtoWriter().Text(1, "").Number(2, Opset))
            .Message(7, new ProtoWriter().Messages(1, nodes).Text(2, "graph").Messages(5, constants ?? []).Messages(11, inputs).Messages(12, outputs))
            .ToArray();

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

    public static ProtoWriter IntsAttribute(string name, params long[] values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            attribute.Number(8, value);
        }

        return attribute.Number(20, 7);
    }

    public static ProtoWriter TensorAttribute(string name, ProtoWriter tensor) => new ProtoWriter().Text(1, name).Message(5, tensor).Number(20, 4);

    /// <summary>A tensor input or output; −1 is a dynamic axis.</summary>
    public static ProtoWriter Value(string name, OnnxType type, params long[] shape) =>
        new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, TensorType(type, shape)));

    public static ProtoWriter SequenceValue(string name, OnnxType type, params long[] shape) =>
        new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(4, new ProtoWriter().Message(1, new ProtoWriter().Message(1, TensorType(type, shape)))));

    public static ProtoWriter Floats(string name, long[] shape, params float[] values) =>
        Tensor(name, OnnxType.Float, shape).Bytes(9, MemoryMarshal.AsBytes<float>(values));

    public static ProtoWriter Longs(string name, long[] shape, params long[] values) =>
        Tensor(name, OnnxType.Int64, shape).Bytes(9, MemoryMarshal.AsBytes<long>(values));

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

    private static ProtoWriter TensorType(OnnxType type, long[] shape) => new ProtoWriter()
        .Number(1, (long)type)
        .Message(2, new ProtoWriter().Messages(1, shape.Select(axis => axis < 0 ? new ProtoWriter().Text(2, "N") : new ProtoWriter().Number(1, axis))));
}
