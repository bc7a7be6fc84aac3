namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads JSON numbers that have a fraction or an exponent and are whole nevertheless: <c>1.0</c>, <c>2.50e2</c>, <c>1e3</c>.</summary>
internal static class WholeNumber
{
    /// <param name="number">One JSON number, its grammar checked.</param>
    /// <param name="exponent">Of its last digit, as <see cref="DecimalParts.Exponent"/> has it.</param>
    /// <returns>False when it is not whole, or its absolute value takes more than 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> number, int exponent, out ulong magnitude)
    {
        magnitude = 0;
        var end = number.IndexOfAny((byte)'e', (byte)'E');
        var digits = end < 0 ? number : number[..end];

        // So many digits at the end stand behind the point.
        var behind = Math.Max(0, -(long)exponent);
        var place = Count(digits);
        foreach (var character in digits)
        {
            if (!char.IsAsciiDigit((char)character))
            {
                continue;
            }

            if (place-- > behind ? !TryAppend(ref magnitude, character - '0') : character != '0')
            {
                return false;
            }
        }

        for (var zeros = exponent; zeros > 0 && magnitude > 0; zeros--)
        {
            if (!TryAppend(ref magnitude, 0))
            {
                return false;
            }
        }

        return true;
    }

    private static int Count(ReadOnlySpan<byte> digits)
    {
        var count = digits.Length;
        count -= digits.Contains((byte)'.') ? 1 : 0;
        return count - (digits[0] == '-' ? 1 : 0);
    }

    private static bool TryAppend(ref ulong magnitude, int digit)
    {
        if (magnitude > (ulong.MaxValue - (ulong)digit) / 10)
        {
            return false;
        }

        magnitude = (magnitude * 10) + (ulong)digit;
        return true;
    }
}
