using Microsoft.ML.OnnxRuntime.Tensors;

namespace Slipway.ModelServer.Inference;

/// <summary>The element types that the protocol and ONNX share.</summary>
internal enum Datatype
{
    Bool, UInt8, UInt16, UInt32, UInt64, Int8, Int16, Int32, Int64, FP16, BF16, FP32, FP64, Bytes,
}

/// <summary>The protocol's name, ONNX Runtime's element type and the bytes of one element, for each datatype.</summary>
internal static class Datatypes
{
    // Indexed by Datatype.
    private static readonly (string Name, TensorElementType Element, int Size)[] Table =
    [
        ("BOOL", TensorElementType.Bool, 1),
        ("UINT8", TensorElementType.UInt8, 1),
        ("UINT16", TensorElementType.UInt16, 2),
        ("UINT32", TensorElementType.UInt32, 4),
        ("UINT64", TensorElementType.UInt64, 8),
        ("INT8", TensorElementType.Int8, 1),
        ("INT16", TensorElementType.Int16, 2),
        ("INT32", TensorElementType.Int32, 4),
        ("INT64", TensorElementType.Int64, 8),
        ("FP16", TensorElementType.Float16, 2),
        ("BF16", TensorElementType.BFloat16, 2),
        ("FP32", TensorElementType.Float, 4),
        ("FP64", TensorElementType.Double, 8),
        ("BYTES", TensorElementType.String, 0),
    ];

    private static readonly byte[][] Utf8 = [.. Table.Select(row => System.Text.Encoding.ASCII.GetBytes(row.Name))];

    public static string Name(this Datatype datatype) => Table[(int)datatype].Name;

    public static ReadOnlySpan<byte> Utf8Name(this Datatype datatype) => Utf8[(int)datatype];

    public static TensorElementType Element(this Datatype datatype) => Table[(int)datatype].Element;

    /// <summary>Bytes of one element in memory; 0 for BYTES, whose elements have no fixed size.</summary>
    public static int Size(this Datatype datatype) => Table[(int)datatype].Size;

    /// <returns>False for what is no name of the protocol.</returns>
    public static bool TryFrom(string name, out Datatype datatype)
    {
        var found = Array.FindIndex(Table, row => row.Name == name);
        datatype = (Datatype)Math.Max(found, 0);
        return found >= 0;
    }

    /// <returns>False for an element type that the protocol has no name for.</returns>
    public static bool TryFrom(TensorElementType element, out Datatype datatype)
    {
        var found = Array.FindIndex(Table, row => row.Element == element);
        datatype = (Datatype)Math.Max(found, 0);
        return found >= 0;
    }
}
