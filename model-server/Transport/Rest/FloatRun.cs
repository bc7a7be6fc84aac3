using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads a run of plain decimal numbers, sixteen bytes at a time and without a branch that depends on how many digits one has: in data a
/// processor cannot guess that, and guessing wrong costs as much as all the rest. What is not plain is left to
/// <see cref="NumberScanner"/>, and so is everything on processors without these instructions.
/// </summary>
internal static class FloatRun
{
    private const int Lanes = 16;

    // Bits of a double that a float has no room for. The quotient is the nearest double; rounding that to a float is rounding the number
    // itself, unless it lies exactly between two floats, where the number may lie to either side.
    private const ulong DroppedBits = (1UL << 29) - 1;
    private const ulong Midpoint = 1UL << 28;

    private static ReadOnlySpan<double> Powers => [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads numbers of fewer than fifteen bytes, without exponent, each directly before a comma.</summary>
    /// <param name="text">At the first byte of a number.</param>
    /// <param name="length">Bytes that were read, commas and one space behind each included; 0 when the first number is not such a one.</param>
    /// <returns>How many of <paramref name="target"/> were read.</returns>
    public static int Read(ReadOnlySpan<byte> text, Span<float> target, out int length)
    {
        length = 0;
        if (!Ssse3.IsSupported)
        {
            return 0;
        }

        ref var first = ref MemoryMarshal.GetReference(text);
        ref var powers = ref MemoryMarshal.GetReference(Powers);
        ref var values = ref MemoryMarshal.GetReference(target);
        var lanes = Vector128.Create((sbyte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var read = 0;
        while (read < target.Length && length <= text.Length - Lanes)
        {
            ref var start = ref Unsafe.Add(ref first, length);
            var bytes = Vector128.LoadUnsafe(ref start);
            var digits = bytes - Vector128.Create((byte)'0');
            var isDigit = Vector128.Equals(Vector128.Min(digits, Vector128.Create((byte)9)), digits);
            var negative = start == '-' ? 1 : 0;
            var others = ~isDigit.ExtractMostSignificantBits() ^ (uint)negative;

            // Where the next number starts hangs on this alone, so it is told by masks and not by loads.
            var whole = BitOperations.TrailingZeroCount(others);
            var dot = BitAt(Vector128.Equals(bytes, Vector128.Create((byte)'.')), whole);
            var end = whole + ((BitOperations.TrailingZeroCount(others & (others - 1)) - whole) & -dot);
            var next = length + end + 1 + BitAt(Vector128.Equals(bytes, Vector128.Create((byte)' ')), end + 1);

            var fraction = end - whole - dot;
            if (end >= Lanes - 1 || Unsafe.Add(ref start, end) != ',' || whole == negative || fraction < dot
                || (Unsafe.Add(ref start, negative) == '0' && whole - negative > 1))
            {
                break;
            }

            // Digits to the right, the dot left out: a lane takes what stands as far from the end, one further left where that is before the dot.
            var from = lanes + Vector128.Create((sbyte)(end - dot - Lanes));
            from -= Vector128.GreaterThan(from, Vector128.Create((sbyte)(whole - 1)));
            var mantissa = Mantissa(Ssse3.Shuffle(digits & isDigit, from.AsByte()));

            var scaled = mantissa / Unsafe.Add(ref powers, fraction);
            if ((BitConverter.DoubleToUInt64Bits(scaled) & DroppedBits) == Midpoint)
            {
                break;
            }

            Unsafe.Add(ref values, read++) = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)scaled) | ((uint)negative << 31));
            length = next;
        }

        return read;
    }

    private static int BitAt(Vector128<byte> mask, int lane) => (int)(mask.ExtractMostSignificantBits() >> lane) & 1;

    // Sixteen digits to eight pairs, four fours, two eights. Fewer than sixteen are a whole number that a double holds exactly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Mantissa(Vector128<byte> digits)
    {
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((sbyte)10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1));
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create((short)100, 1, 100, 1, 100, 1, 100, 1));
        var eights = Sse2.MultiplyAddAdjacent(Sse2.PackSignedSaturate(fours, fours), Vector128.Create((short)10_000, 1, 10_000, 1, 0, 0, 0, 0));
        return (eights[0] * 100_000_000L) + eights[1];
    }
}
