using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class RowFiguresTests
{
    // Longer than the pieces that a row is taken in, with the largest element in the last of them.
    private static readonly float[] Long = [.. Enumerable.Range(0, 1300).Select(i => (i % 7) + (i == 1299 ? 3f : 0))];

    [Test]
    public void The_norm_is_the_root_of_the_squares()
    {
        Norm([3, 4]).Should().Be(5);
        Norm(Long).Should().BeApproximately(Math.Sqrt(Long.Sum(each => (double)each * each)), 1e-9);
        Norm([1, float.NaN]).Should().Be(double.NaN);
        Norm([1, float.NegativeInfinity]).Should().Be(double.PositiveInfinity);
    }

    [Test]
    public void The_cosine_is_that_of_the_angle_to_the_centroid()
    {
        Cosine([3, 4], [6, 8]).Should().BeApproximately(1, 1e-15).And.BeLessThanOrEqualTo(1);
        Cosine([0, 2], [5, 0]).Should().Be(0);
        Cosine([-1, -1], [2, 2]).Should().BeApproximately(-1, 1e-15);
        Cosine(Long, [.. Long.Select(each => each * 0.5)]).Should().BeApproximately(1, 1e-12);
    }

    [TestCase(new float[] { 0, 0 }, new double[] { 1, 2 }, Description = "a row of zeros")]
    [TestCase(new float[] { 1, 2, 3 }, new double[] { 1, 2 }, Description = "another length")]
    [TestCase(new float[0], new double[0])]
    public void Where_there_is_no_angle_there_is_no_cosine(float[] row, double[] centroid) => Cosine(row, centroid).Should().Be(double.NaN);

    [Test]
    public void Mean_and_deviation_are_over_all_elements()
    {
        RowFigures.Mean<float, Number<float, float>>([1, 2, 6]).Should().Be(3);
        RowFigures.Mean<float, Number<float, float>>(Long).Should().BeApproximately(Long.Average(each => (double)each), 1e-9);
        RowFigures.Deviation<float, Number<float, float>>([1, 3, 1, 3]).Should().Be(1);
        RowFigures.Deviation<float, Number<float, float>>([5, 5, 5]).Should().Be(0);
        RowFigures.Deviation<float, Number<float, float>>([]).Should().Be(double.NaN);
        RowFigures.Mean<float, Number<float, float>>([]).Should().Be(double.NaN);
    }

    [TestCase(new float[] { 1, 3, 3, 2 }, 1, 3)]
    [TestCase(new float[] { float.NegativeInfinity, -5 }, 1, -5)]
    [TestCase(new float[] { 7, float.NaN, 9 }, -1, double.NaN)]
    [TestCase(new float[0], -1, double.NaN)]
    public void The_first_of_the_largest_wins(float[] row, int place, double value)
    {
        RowFigures.TopClass<float, Number<float, float>>(row).Should().Be(place);
        RowFigures.Confidence<float, Number<float, float>>(row).Should().Be(value);
    }

    [Test]
    public void The_largest_of_a_long_row_is_found_in_any_piece() =>
        RowFigures.TopClass<float, Number<float, float>>(Long).Should().Be(1299);

    [Test]
    public void A_channel_lies_behind_those_before_it()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

        RowFigures.Channel<float>(image, [1, 3, 2, 2], 1).ToArray().Should().Equal(5, 6, 7, 8);
        RowFigures.Channel<float>(image, [1, 3, 2, 2], 3).ToArray().Should().BeEmpty();
        RowFigures.Channel<float>(image, [1, 12], 0).ToArray().Should().BeEmpty();
    }

    private static double Norm(float[] row) => RowFigures.Norm<float, Number<float, float>>(row);

    private static double Cosine(float[] row, double[] centroid) => RowFigures.Cosine<float, Number<float, float>>(row, centroid);
}
