using Slipway.Api.Monitoring;

namespace Slipway.Api.Tests.Monitoring;

/// <summary>The numbers are SciPy's: <c>scores.py</c> beside this file prints them.</summary>
internal sealed class DriftScoresTests
{
    private static readonly Score[] Scores =
    [
        new("the same", [100, 200, 300, 400], [10, 20, 30, 40], 0.0, 0.0, 0.0, 0.0, 0.0, 3, 1.0),
        new("a little off", [100, 100, 100, 100, 100, 100, 100, 100, 100, 100], [93, 104, 110, 99, 88, 101, 107, 95, 98, 105], 0.00418641387206214, 0.027471145128825595, 0.007, 0.026999999999999996, 4.140000000000001, 9, 0.9019586273070823),
        new("shifted", [50, 150, 300, 300, 150, 50], [5, 40, 120, 310, 330, 195], 0.7535336266185959, 0.3559566137151743, 0.335, 0.335, 866.0, 5, 6.068601140876166e-185),
        new("an empty bin", [400, 300, 200, 100], [350, 0, 420, 230], 2.6792906049915612, 0.44605240729762996, 0.35, 0.35000000000000003, 717.25, 3, 3.81523247051897e-155),
        new("a bin that was not expected", [500, 500, 0], [450, 470, 80], 0.5412247649351014, 0.20318533236389597, 0.08, 0.08000000000000002, double.PositiveInfinity, 2, 0.0),
        new("nothing in common", [700, 300, 0, 0], [0, 0, 400, 600], 17.133419415149817, 1.0, 1.0, 1.0, double.PositiveInfinity, 3, 0.0),
        new("a bin that neither has", [250, 0, 750], [300, 0, 700], 0.012565721414045203, 0.04757800384319476, 0.05, 0.05000000000000002, 13.333333333333334, 1, 0.0002607296328553165),
        new("one bin", [10], [3], 0.0, 0.0, 0.0, 0.0, 0.0, 0, 1.0),
        new("many samples", [1, 2, 3, 4, 5, 6], [100100, 199850, 300090, 400200, 499800, 599960], 2.010218860813908e-07, 0.00019039868444952607, 0.00011428571428573342, 0.0001857142857142717, 0.4221666666666667, 5, 0.9946969954952302),
        new("twenty-four bins", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24], [24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 1.6682750177983607, 0.5010813903701553, 0.48, 0.48, 1159.9738610959419, 23, 1.1565440862524451e-230),
        new("two bins", [9, 1], [880, 120], 0.004095888252920218, 0.027161162092318503, 0.02, 0.020000000000000004, 4.444444444444445, 1, 0.03501498101966245),
    ];

    [TestCaseSource(nameof(Scores))]
    public void Scores_are_those_of_SciPy(Score score)
    {
        var expected = Ratios(score.Baseline);

        DriftScores.Psi(expected, score.Seen).Should().BeApproximately(score.Psi, Near(score.Psi));
        DriftScores.JensenShannonDistance(expected, score.Seen).Should().BeApproximately(score.JensenShannon, Near(score.JensenShannon));
        DriftScores.JensenShannonDivergence(expected, score.Seen)
            .Should().BeApproximately(score.JensenShannon * score.JensenShannon, Near(score.JensenShannon));
        DriftScores.KolmogorovSmirnov(expected, score.Seen).Should().BeApproximately(score.KolmogorovSmirnov, Near(score.KolmogorovSmirnov));
        DriftScores.TotalVariation(expected, score.Seen).Should().BeApproximately(score.TotalVariation, Near(score.TotalVariation));
    }

    [TestCaseSource(nameof(Scores))]
    public void The_test_of_counts_is_that_of_SciPy(Score score)
    {
        var test = DriftScores.ChiSquare(Ratios(score.Baseline), score.Seen);

        test.DegreesOfFreedom.Should().Be(score.Degrees);
        if (double.IsFinite(score.ChiSquare))
        {
            test.Statistic.Should().BeApproximately(score.ChiSquare, Near(score.ChiSquare));
        }
        else
        {
            test.Statistic.Should().Be(score.ChiSquare);
        }

        test.PValue.Should().BeApproximately(score.PValue, score.PValue * 1e-10);
    }

    [Test]
    public void Ratios_that_were_rounded_are_divided_by_their_sum_by_all_but_the_index()
    {
        double[] rounded = [0.3334, 0.3334, 0.3334];

        DriftScores.TotalVariation(rounded, [5, 5, 5]).Should().BeApproximately(0, 1e-15);
        DriftScores.KolmogorovSmirnov(rounded, [5, 5, 5]).Should().BeApproximately(0, 1e-15);
        DriftScores.JensenShannonDivergence(rounded, [5, 5, 5]).Should().BeApproximately(0, 1e-15);
        DriftScores.ChiSquare(rounded, [5, 5, 5]).PValue.Should().BeApproximately(1, 1e-12);
        DriftScores.Psi(rounded, [5, 5, 5]).Should().BePositive();
    }

    [TestCase(499, 10, 0, false)]
    [TestCase(500, 10, 0, true)]
    [TestCase(500, 10, 501, false)]
    [TestCase(500, 4, 500, true)]
    public void A_score_needs_fifty_samples_a_bin_and_what_was_asked_for(long samples, int bins, long minSamples, bool enough) =>
        DriftScores.IsEnough(samples, bins, minSamples).Should().Be(enough);

    [Test]
    public void Nothing_seen_and_other_bins_have_no_score()
    {
        ((Action)(() => DriftScores.Psi([0.5, 0.5], [0, 0]))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => DriftScores.Psi([0.5, 0.5], [1, 1, 1]))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static double[] Ratios(long[] counts) => [.. counts.Select(count => (double)count / counts.Sum())];

    private static double Near(double value) => Math.Max(1e-12, Math.Abs(value) * 1e-12);

    internal sealed record Score(
        string Name,
        long[] Baseline,
        long[] Seen,
        double Psi,
        double JensenShannon,
        double KolmogorovSmirnov,
        double TotalVariation,
        double ChiSquare,
        int Degrees,
        double PValue)
    {
        public override string ToString() => Name;
    }
}
