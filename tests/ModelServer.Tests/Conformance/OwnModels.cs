using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>Models of our own that together have every shape and type that the suite has; for the everyday run.</summary>
internal static class OwnModels
{
    private static readonly Dictionary<string, (byte[] Model, RawTensor[] Inputs)> Cases = new(StringComparer.Ordinal)
    {
        ["bool"] = Same(OnnxType.Bool, Datatype.Bool, [2, 2], [1, 0, 0, 1]),
        ["uint8"] = Same(OnnxType.UInt8, Datatype.UInt8, [3], [0, 7, 255]),
        ["uint16"] = Same(OnnxType.UInt16, Datatype.UInt16, [2], Bytes<ushort>(0, 65535)),
        ["uint32"] = Same(OnnxType.UInt32, Datatype.UInt32, [2], Bytes<uint>(1, uint.MaxValue)),
        ["uint64"] = Same(OnnxType.UInt64, Datatype.UInt64, [2], Bytes<ulong>(1, ulong.MaxValue)),
        ["int8"] = Same(OnnxType.Int8, Datatype.Int8, [2], Bytes<sbyte>(-128, 127)),
        ["int16"] = Same(OnnxType.Int16, Datatype.Int16, [2], Bytes<short>(-32768, 32767)),
        ["int32"] = Same(OnnxType.Int32, Datatype.Int32, [1, 1, 2], Bytes<int>(int.MinValue, int.MaxValue)),
        ["int64"] = Same(OnnxType.Int64, Datatype.Int64, [2], Bytes<long>(long.MinValue, long.MaxValue)),
        ["fp16"] = Same(OnnxType.Float16, Datatype.FP16, [3], Bytes(Half.NaN, Half.NegativeInfinity, (Half)0.1)),
        ["bf16"] = Same(OnnxType.BFloat16, Datatype.BF16, [2], Bytes<ushort>(0x3F80, 0x7FC1)),
        ["fp32"] = Same(OnnxType.Float, Datatype.FP32, [3], Bytes(float.NaN, -0f, float.Epsilon)),
        ["fp64"] = Same(OnnxType.Double, Datatype.FP64, [2], Bytes(double.NaN, 0.1)),
        ["bytes"] = Same(OnnxType.String, Datatype.Bytes, [2, 2], Texts("", "a\0b", "zażółć", "x")),
        ["scalar"] = (TestModels.Identity(OnnxType.Float), [new RawTensor(Datatype.FP32, [], Bytes(1.5f))]),
        ["scalar of bytes"] = (TestModels.Identity(OnnxType.String), [new RawTensor(Datatype.Bytes, [], Texts("only"))]),
        ["no rows"] = (TestModels.Double(3), [new RawTensor(Datatype.FP32, [0, 3], [])]),
        ["rows of nothing"] = (TestModels.Double(0), [new RawTensor(Datatype.FP32, [2, 0], [])]),
        ["no texts"] = (TestModels.Identity(OnnxType.String, -1), [new RawTensor(Datatype.Bytes, [0], [])]),
        ["no input"] = (TestModels.Constants(), []),
        ["state and scalar"] = (TestModels.Stateful(),
        [
            new RawTensor(Datatype.FP32, [1, 2], Bytes(1f, 2f)), new RawTensor(Datatype.FP32, [1, 2], Bytes(10f, 20f)), new RawTensor(Datatype.FP32, [], Bytes(0.5f)),
        ]),
        ["two inputs"] = (TestModels.Sum(), [new RawTensor(Datatype.FP32, [1, 2], Bytes(1f, 2f)), new RawTensor(Datatype.FP32, [1, 2], Bytes(3f, 4f))]),
        ["two outputs"] = (TestModels.Classifier(), [new RawTensor(Datatype.FP32, [2, 2], Bytes(1f, 2f, 3f, -4f))]),
    };

    public static IReadOnlyList<string> Names => [.. Cases.Keys];

    public static ConformanceCase Read(string name, ModelFolder folder)
    {
        var (model, inputs) = Cases[name];
        return new ConformanceCase(name, Path.Combine(folder.WithModel(model).Path, "1", "model.onnx"), [new ConformanceSet(inputs, [])]);
    }

    private static (byte[] Model, RawTensor[] Inputs) Same(OnnxType type, Datatype datatype, long[] shape, byte[] bytes) =>
        (TestModels.Identity(type, [-1, .. shape[1..]]), [new RawTensor(datatype, shape, bytes)]);

    private static byte[] Bytes<T>(params T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static byte[] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes).SelectMany(Prefixed)];

    private static byte[] Prefixed(byte[] text)
    {
        var prefixed = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(prefixed, text.Length);
        text.CopyTo(prefixed, 4);
        return prefixed;
    }
}
