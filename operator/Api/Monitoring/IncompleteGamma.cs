namespace Slipway.Api.Monitoring;

/// <summary>
/// The incomplete gamma function, by the formulas of the NIST Digital Library of Mathematical Functions (DLMF, dlmf.nist.gov). Where which
/// of the two converges fast is W. H. Press et al., Numerical Recipes, 3rd ed., § 6.2.
/// </summary>
internal static class IncompleteGamma
{
    private const int MostTerms = 100_000;

    // Enough for Stirling's series to reach the last bit of a double.
    private const double LeastForStirling = 10;

    /// <summary>Q(a, x) = Γ(a, x) ÷ Γ(a), DLMF 8.2.4: 1 at x = 0, falling to 0.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="x">Not negative.</param>
    public static double UpperRegularized(double a, double x)
    {
        if (x == 0)
        {
            return 1;
        }

        return double.IsPositiveInfinity(x) ? 0
            : x < a + 1 ? 1 - (Power(a, x) * Series(a, x))
            : Power(a, x) * Fraction(a, x);
    }

    // x^a · e^−x ÷ Γ(a), which both forms have.
    private static double Power(double a, double x) => Math.Exp((a * Math.Log(x)) - x - LogGamma(a));

    // DLMF 8.11.4: Σ x^k ÷ (a·(a+1)·…·(a+k)).
    private static double Series(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var k = 1; k < MostTerms && sum + term != sum; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return sum;
    }

    // The even part of the continued fraction DLMF 8.9.2, 1 ÷ (x+1−a − 1·(1−a) ÷ (x+3−a − 2·(2−a) ÷ (x+5−a − …))), from the front by the
    // method of Lentz (DLMF 3.10.iii).
    private static double Fraction(double a, double x)
    {
        const double NotZero = 1e-300;
        var denominator = x + 1 - a;
        var upper = 1 / NotZero;
        var lower = 1 / denominator;
        var value = lower;
        for (var k = 1; k < MostTerms; k++)
        {
            var numerator = -k * (k - a);
            denominator += 2;
            lower = 1 / Away(denominator + (numerator * lower));
            upper = Away(denominator + (numerator / upper));
            var factor = upper * lower;
            value *= factor;
            if (Math.Abs(factor - 1) <= double.BitIncrement(1) - 1)
            {
                break;
            }
        }

        return value;

        static double Away(double value) => Math.Abs(value) < NotZero ? NotZero : value;
    }

    // Stirling's series, DLMF 5.11.1, after Γ(z+1) = z·Γ(z) has brought z to where it is exact.
    private static double LogGamma(double z)
    {
        double product = 1;
        for (; z < LeastForStirling; z++)
        {
            product *= z;
        }

        var inverse = 1 / (z * z);
        var series = ((((((((((((1.0 / 156 * inverse) - (691.0 / 360_360)) * inverse) + (1.0 / 1_188)) * inverse) - (1.0 / 1_680)) * inverse)
            + (1.0 / 1_260)) * inverse) - (1.0 / 360)) * inverse) + (1.0 / 12)) / z;
        return ((z - 0.5) * Math.Log(z)) - z + (Math.Log(2 * Math.PI) / 2) + series - Math.Log(product);
    }
}
