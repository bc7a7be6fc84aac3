using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class BinMatrixTests
{
    private static readonly double[][] Edges =
    [
        [0], [0.1], [0, 1, 2.5], [-3, 0.1, 0.3], [float.MinValue, float.MaxValue], [double.MinValue, 0, double.MaxValue],
        [.. Enumerable.Range(0, 11).Select(i => i / 10.0)], [.. Enumerable.Range(0, 22).Select(i => i * 0.7)], [-1e-300, 1e-300], [16777217, 16777219],
    ];

    [Test]
    public void Each_number_is_placed_where_its_own_bins_say()
    {
        var bins = Edges.Select(edges => new NumericBins(edges)).ToArray();
        var doubles = new BinMatrix<double>(Columns(bins));
        var floats = new BinMatrix<float>(Columns(bins));
        foreach (var number in Numbers())
        {
            var wide = new double[doubles.Width];
            var narrow = new float[floats.Width];
            Array.Fill(wide, number);
            Array.Fill(narrow, (float)number);

            doubles.Place(wide);
            floats.Place(narrow);

            wide.Take(bins.Length).Should().Equal(bins.Select((each, i) => (i * 100.0) + each.BinOf(number)), "{0:R} as a double", number);
            narrow.Take(bins.Length).Should().Equal(bins.Select((each, i) => (i * 100f) + each.BinOf((float)number)), "{0:R} as a float", number);
        }
    }

    private static IEnumerable<(int FirstCell, NumericBins Bins)> Columns(NumericBins[] bins) => bins.Select((each, i) => (i * 100, each));

    private static IEnumerable<double> Numbers()
    {
        var at = Edges.SelectMany(edges => edges).ToList();
        return [
            double.NaN, double.NegativeInfinity, double.PositiveInfinity, -0.0, double.Epsilon, float.Epsilon,
            .. at, .. at.Select(Math.BitIncrement), .. at.Select(Math.BitDecrement),
            .. at.Select(edge => (double)MathF.BitIncrement((float)edge)), .. at.Select(edge => (double)MathF.BitDecrement((float)edge)),
        ];
    }
}
