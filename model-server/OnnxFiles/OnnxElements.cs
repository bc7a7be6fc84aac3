using System.Globalization;

namespace Slipway.ModelServer.OnnxFiles;

/// <summary>ONNX's numbers for element types.</summary>
internal static class OnnxElements
{
    private static readonly string[] Names =
    [
        "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double", "uint32", "uint64",
        "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1",
        "float8e8m0", "uint2", "int2",
    ];

    private const int Complex64 = 14;
    private const int Complex128 = 15;
    private const int BFloat16 = 16;

    /// <summary>Whether the protocol has a datatype for it.</summary>
    public static bool IsServed(int element) => element is > 0 and <= BFloat16 and not (Complex64 or Complex128);

    public static string Name(int element) =>
        element >= 0 && element < Names.Length ? Names[element] : string.Create(CultureInfo.InvariantCulture, $"number {element}");
}
