using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>What ONNX's own runner of backend tests accepts: |got − expected| ≤ 1e-7 + 1e-3 × |expected|, NaN where NaN is expected.</summary>
internal static class Tolerance
{
    private const double Absolute = 1e-7;
    private const double Relative = 1e-3;

    public static bool Meets(RawTensor got, RawTensor expected) =>
        got.Datatype == expected.Datatype && got.Shape.AsSpan().SequenceEqual(expected.Shape) && got.Datatype switch
        {
            Datatype.FP32 => Near<float>(got, expected),
            Datatype.FP64 => Near<double>(got, expected),
            Datatype.FP16 => Near<Half>(got, expected),
            Datatype.BF16 => Near(Widen(got), Widen(expected)),
            _ => got.Bytes.AsSpan().SequenceEqual(expected.Bytes),
        };

    private static bool Near<T>(RawTensor got, RawTensor expected) where T : struct, INumber<T> =>
        Near(MemoryMarshal.Cast<byte, T>(got.Bytes), MemoryMarshal.Cast<byte, T>(expected.Bytes));

    private static bool Near<T>(ReadOnlySpan<T> got, ReadOnlySpan<T> expected) where T : struct, INumber<T>
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var (one, other) = (double.CreateTruncating(got[i]), double.CreateTruncating(expected[i]));
            if (!one.Equals(other) && !(Math.Abs(one - other) <= Absolute + (Relative * Math.Abs(other))))
            {
                return false;
            }
        }

        return got.Length == expected.Length;
    }

    // A bfloat16 is the upper half of a float.
    private static ReadOnlySpan<float> Widen(RawTensor tensor) =>
        MemoryMarshal.Cast<byte, ushort>(tensor.Bytes).ToArray().Select(half => BitConverter.UInt32BitsToSingle((uint)half << 16)).ToArray();
}
