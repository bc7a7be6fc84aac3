namespace Slipway.ModelServer.Baselines;

/// <summary>
/// Quantiles of a stream of numbers in bounded memory. Exact for up to <see cref="Most"/> numbers; of more it keeps a uniform sample of as many
/// (Vitter's algorithm R, ACM TOMS 11, 1985). The rank of a quantile is then off by more than 0.6 % of the numbers with a probability below
/// 0.15 % (Dvoretzky–Kiefer–Wolfowitz with Massart's constant, Ann. Probab. 18, 1990: 2·exp(−2·n·ε²)). The least and the greatest are always exact.
/// </summary>
internal sealed class QuantileSample
{
    public const int Most = 100_000;

    private double[] _kept = [];
    private int _count;
    private long _seen;
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;

    /// <summary>Passes over what is not finite: an edge has to be.</summary>
    public void Add(double number)
    {
        if (!double.IsFinite(number))
        {
            return;
        }

        _least = Math.Min(_least, number);
        _greatest = Math.Max(_greatest, number);
        _seen++;
        if (_seen > Most)
        {
            // The hash of its place is all the chance there is, so that the same rows always give the same baseline.
            var place = (long)Math.BigMul(Hash((ulong)_seen), (ulong)_seen, out _);
            if (place < Most)
            {
                _kept[place] = number;
            }

            return;
        }

        if (_count == _kept.Length)
        {
            Array.Resize(ref _kept, Math.Clamp(2 * _kept.Length, 1024, Most));
        }

        _kept[_count++] = number;
    }

    /// <summary>
    /// The numbers at the given number of quantiles from 0 to 100 %, each one that came, at the nearest rank. Where several fall on one number, a further
    /// edge midway to its neighbour gives it a bin of its own: a flag would otherwise have one bin for both of its values. Empty when no number came.
    /// </summary>
    public double[] Edges(int quantiles)
    {
        Array.Sort(_kept, 0, _count);
        var edges = new SortedSet<double>();
        for (var i = 0; i < quantiles && _count > 0; i++)
        {
            var edge = At(i, quantiles);
            if (!edges.Add(edge) && Beside(edge, edges) is { } midway)
            {
                edges.Add(midway);
            }
        }

        return [.. edges];
    }

    private double At(int quantile, int quantiles) =>
        quantile == 0 ? _least
        : quantile == quantiles - 1 ? _greatest
        // The rank is rounded up in whole numbers: 0.7 × 10 is more than 7 and would be the eighth.
        : _kept[(((long)quantile * _count) + quantiles - 2) / (quantiles - 1) - 1];

    /// <returns>Below the number, for the least one above it; null when there is nothing between, or an edge at the neighbour does as well.</returns>
    private double? Beside(double number, SortedSet<double> edges)
    {
        var kept = _kept.AsSpan(0, _count);
        var below = 0;
        while (below < kept.Length && kept[below] < number)
        {
            below++;
        }

        var above = below;
        while (above < kept.Length && kept[above] <= number)
        {
            above++;
        }

        // The first bin has both of its edges: one at the least number parts nothing from it.
        if (below > 0 && kept[below - 1] > _least && edges.Contains(kept[below - 1]))
        {
            return null;
        }

        var (low, high) = below > 0 ? (kept[below - 1], number) : above < kept.Length ? (number, kept[above]) : (number, number);
        var midway = (low / 2) + (high / 2);
        return low < midway && midway < high ? midway : null;
    }

    /// <summary>SplitMix64's finalizer.</summary>
    private static ulong Hash(ulong number)
    {
        number *= 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
