using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Which field of InferTensorContents holds the elements of which datatype. FP16 and BF16 have none: they travel raw.</summary>
internal static class TensorContents
{
    public const int Bool = 1;
    public const int Int = 2;
    public const int Int64 = 3;
    public const int UInt = 4;
    public const int UInt64 = 5;
    public const int FP32 = 6;
    public const int FP64 = 7;
    public const int Bytes = 8;

    // Indexed by the field's number. LeastBytes: what an element takes of a message at least.
    private static readonly (string Name, int LeastBytes)[] Fields =
    [
        ("", 1), ("bool_contents", 1), ("int_contents", 1), ("int64_contents", 1), ("uint_contents", 1), ("uint64_contents", 1),
        ("fp32_contents", 4), ("fp64_contents", 8), ("bytes_contents", 2),
    ];

    /// <returns>0 for a datatype that has no typed form.</returns>
    public static int Field(Datatype datatype) => datatype switch
    {
        Datatype.Bool => Bool,
        Datatype.Int8 or Datatype.Int16 or Datatype.Int32 => Int,
        Datatype.Int64 => Int64,
        Datatype.UInt8 or Datatype.UInt16 or Datatype.UInt32 => UInt,
        Datatype.UInt64 => UInt64,
        Datatype.FP32 => FP32,
        Datatype.FP64 => FP64,
        Datatype.Bytes => Bytes,
        Datatype.FP16 or Datatype.BF16 => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "has no place in the contents"),
    };

    public static bool IsField(uint number) => number is >= Bool and <= Bytes;

    public static string Name(int field) => Fields[field].Name;

    /// <summary>Elements that so many bytes of contents can hold at most.</summary>
    /// <exception cref="ServingException">The datatype travels raw only.</exception>
    public static long MostIn(long bytes, TensorSpec spec)
    {
        var field = Field(spec.Datatype);
        return field > 0 ? bytes / Fields[field].LeastBytes : throw ServingException.Invalid(
            $"Input {spec}: {spec.Datatype.Name()} has no typed form; send all inputs in 'raw_input_contents'.");
    }
}
