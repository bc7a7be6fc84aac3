using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Makes of a cell the element that a client would have sent. A missing number is NaN.</summary>
internal static class ElementCast
{
    private const string NoNumber = "which is no number";

    /// <param name="element">As long as an element of the datatype, which is not BYTES.</param>
    /// <returns>Null when it is written, else what is wrong with the cell.</returns>
    public static string? Write(in Cell cell, Datatype datatype, Span<byte> element) => datatype switch
    {
        Datatype.FP32 or Datatype.FP64 or Datatype.FP16 or Datatype.BF16 =>
            cell.Kind == CellKind.Missing ? Fraction(double.NaN, datatype, element)
            : cell.TryNumber(out var number) ? Fraction(number, datatype, element)
            : NoNumber,
        Datatype.Bool => cell.TryFlag(out var flag) ? Put((byte)(flag ? 1 : 0), element) : "which is neither true nor false",
        Datatype.Int8 => Whole<sbyte>(cell, datatype, element),
        Datatype.Int16 => Whole<short>(cell, datatype, element),
        Datatype.Int32 => Whole<int>(cell, datatype, element),
        Datatype.Int64 => Whole<long>(cell, datatype, element),
        Datatype.UInt8 => Whole<byte>(cell, datatype, element),
        Datatype.UInt16 => Whole<ushort>(cell, datatype, element),
        Datatype.UInt32 => Whole<uint>(cell, datatype, element),
        Datatype.UInt64 => Whole<ulong>(cell, datatype, element),
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "has no elements of one size"),
    };

    private static string? Fraction(double number, Datatype datatype, Span<byte> element)
    {
        var kept = datatype switch
        {
            Datatype.FP64 => number,
            Datatype.FP32 => (float)number,
            Datatype.FP16 => (double)(Half)number,
            Datatype.BF16 => ((BFloat16)(float)number).ToFloat(),
            _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "has no fractions"),
        };
        return double.IsInfinity(kept) && double.IsFinite(number) ? $"which is beyond {datatype.Name()}" : datatype switch
        {
            Datatype.FP64 => Put(number, element),
            Datatype.FP32 => Put((float)number, element),
            Datatype.FP16 => Put((Half)number, element),
            _ => Put((BFloat16)(float)number, element),
        };
    }

    private static string? Whole<T>(in Cell cell, Datatype datatype, Span<byte> element) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cell.TryWhole(out var whole))
        {
            return cell.Kind == CellKind.Missing ? $"and {datatype.Name()} has no form for a missing value" : "which is no whole number";
        }

        var value = T.CreateTruncating(whole);
        return long.CreateSaturating(value) == whole ? Put(value, element) : $"which is beyond {datatype.Name()}";
    }

    private static string? Put<T>(T value, Span<byte> element) where T : unmanaged
    {
        MemoryMarshal.Write(element, value);
        return null;
    }
}
