using System.Numerics;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Writes floats with the fewest digits that read back as the same float, and of those the nearest, laid out as the framework does it, in
/// less time (measured by <c>tests/Benchmarks format</c>). This is the method of R. Giulietti, "The Schubfach way to render doubles": a value
/// and the midpoints to its neighbours are scaled by a power of ten with 64 bits of it, which is enough to compare them exactly.
/// </summary>
internal static class ShortestFloat
{
    /// <summary>Longest text: <c>-1.17549435E-38</c>.</summary>
    public const int MostBytes = 16;

    private const int LeastPower = -31;
    private const int MostPower = 45;

    // A float has 23 bits behind the hidden one; its exponent counts units of the last of them.
    private const int FractionBits = 23;
    private const int ExponentBias = 127 + FractionBits;

    // Further than this from the point a number is written with an exponent.
    private const int MostPlain = 9;
    private const int LeastPlain = -3;

    private static readonly ulong[] Powers = [.. Enumerable.Range(LeastPower, MostPower - LeastPower + 1).Select(Power)];

    /// <param name="value">Finite.</param>
    /// <param name="room">At least <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(float value, Span<byte> room)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var used = 0;
        if (bits >> 31 != 0)
        {
            room[used++] = (byte)'-';
        }

        if ((bits & int.MaxValue) == 0)
        {
            room[used++] = (byte)'0';
            return used;
        }

        var digits = Shorten(bits, out var power);
        while (digits % 10 == 0)
        {
            digits /= 10;
            power++;
        }

        return used + Lay(digits, power, room[used..]);
    }

    /// <returns>The digits; the value is nearest to them times 10^<paramref name="power"/>.</returns>
    private static uint Shorten(uint bits, out int power)
    {
        var fraction = bits & ((1u << FractionBits) - 1);
        var exponent = (int)(bits >> FractionBits) & 0xff;
        var mantissa = exponent == 0 ? fraction : fraction | (1u << FractionBits);
        var unit = Math.Max(exponent, 1) - ExponentBias;

        // Below a power of two the neighbour is nearer by half.
        var isLowerNear = fraction == 0 && exponent > 1;
        power = FloorLog10(unit, isLowerNear);
        var shift = unit + FloorLog2(-power) + 1;
        var scale = Powers[-power - LeastPower];

        // In quarters of a unit, so that midpoints are whole.
        var lower = Scale(scale, ((4 * mantissa) - (isLowerNear ? 1u : 2u)) << shift);
        var middle = Scale(scale, (4 * mantissa) << shift);
        var upper = Scale(scale, ((4 * mantissa) + 2) << shift);

        // A midpoint reads back as the even one of its neighbours.
        if (mantissa % 2 != 0)
        {
            lower++;
            upper--;
        }

        var whole = middle / 4;
        if (whole >= 10)
        {
            var tens = whole / 10;
            var isBelow = lower <= 40 * tens;
            var isAbove = (40 * tens) + 40 <= upper;
            if (isBelow != isAbove)
            {
                power++;
                return isAbove ? tens + 1 : tens;
            }
        }

        var holdsBelow = lower <= 4 * whole;
        var holdsAbove = (4 * whole) + 4 <= upper;
        if (holdsBelow != holdsAbove)
        {
            return holdsAbove ? whole + 1 : whole;
        }

        var half = (4 * whole) + 2;
        return middle > half || (middle == half && whole % 2 != 0) ? whole + 1 : whole;
    }

    // The product's upper half; its last bit also says whether anything was cut off that the error of the power cannot explain.
    private static uint Scale(ulong power, uint quarters)
    {
        var high = Math.BigMul(power, quarters, out var low);
        return (uint)high | (low >> 32 > 1 ? 1u : 0u);
    }

    private static int Lay(uint digits, int power, Span<byte> room)
    {
        Span<byte> text = stackalloc byte[10];
        var start = text.Length;
        for (var rest = digits; rest > 0; rest /= 10)
        {
            text[--start] = (byte)('0' + (rest % 10));
        }

        text = text[start..];
        var point = text.Length + power;
        if (point is > MostPlain or < LeastPlain)
        {
            return LayWithExponent(text, point - 1, room);
        }

        if (point <= 0)
        {
            "0."u8.CopyTo(room);
            room.Slice(2, -point).Fill((byte)'0');
            text.CopyTo(room[(2 - point)..]);
            return 2 - point + text.Length;
        }

        if (power >= 0)
        {
            text.CopyTo(room);
            room.Slice(text.Length, power).Fill((byte)'0');
            return point;
        }

        text[..point].CopyTo(room);
        room[point] = (byte)'.';
        text[point..].CopyTo(room[(point + 1)..]);
        return text.Length + 1;
    }

    private static int LayWithExponent(ReadOnlySpan<byte> text, int exponent, Span<byte> room)
    {
        var used = 0;
        room[used++] = text[0];
        if (text.Length > 1)
        {
            room[used++] = (byte)'.';
            text[1..].CopyTo(room[used..]);
            used += text.Length - 1;
        }

        room[used++] = (byte)'E';
        room[used++] = exponent < 0 ? (byte)'-' : (byte)'+';
        var (tens, ones) = Math.DivRem(Math.Abs(exponent), 10);
        room[used++] = (byte)('0' + tens);
        room[used++] = (byte)('0' + ones);
        return used;
    }

    // log10(2) and log10(3/4) in 2^20ths; near enough to be exact for every exponent that a float has.
    private static int FloorLog10(int powerOfTwo, bool threeQuarters) => ((powerOfTwo * 315_653) - (threeQuarters ? 131_008 : 0)) >> 20;

    // log2(10) in 2^18ths.
    private static int FloorLog2(int powerOfTen) => (powerOfTen * 870_823) >> 18;

    // The first 64 bits of 10^power, rounded up.
    private static ulong Power(int power)
    {
        var shift = 63 - FloorLog2(power);
        var numerator = BigInteger.Pow(10, Math.Max(power, 0)) << Math.Max(shift, 0);
        var denominator = BigInteger.Pow(10, Math.Max(-power, 0)) << Math.Max(-shift, 0);
        return (ulong)((numerator + denominator - 1) / denominator);
    }
}
