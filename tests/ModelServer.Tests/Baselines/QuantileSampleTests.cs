using Slipway.ModelServer.Baselines;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class QuantileSampleTests
{
    [Test]
    public void Edges_are_the_numbers_that_a_share_of_all_does_not_pass([Values(1, 2, 10, 11, 99, 1000, 99_999)] int count)
    {
        var random = new Random(count);
        var numbers = Enumerable.Range(0, count).Select(_ => random.NextDouble()).ToArray();

        var edges = Edges(numbers);

        var sorted = numbers.Order().ToArray();
        var expected = Enumerable.Range(0, 11).Select(decile => sorted[Math.Max(1, (int)Math.Ceiling(decile * count / 10m)) - 1]).ToList();
        edges.Should().Contain(expected).And.BeInAscendingOrder().And.OnlyHaveUniqueItems();
        edges.Except(expected).Should().HaveCountLessThan(count < 11 ? 11 : 1);
    }

    [Test]
    public void A_constant_has_one_edge() => Edges(7, 7, 7).Should().Equal(7);

    [Test]
    public void Zero_is_one_number_whatever_its_sign() => Edges(-0.0, 0.0, 0.0).Should().HaveCount(1);

    [TestCase(0.02)]
    [TestCase(0.5)]
    [TestCase(0.98)]
    public void Both_values_of_a_flag_have_bins_of_their_own(double share) =>
        Edges([.. Enumerable.Range(0, 1000).Select(i => i < 1000 * share ? 1.0 : 0.0)]).Should().Equal(0, 0.5, 1);

    [Test]
    public void A_number_that_is_common_has_a_bin_of_its_own_among_others()
    {
        double[] numbers = [.. Enumerable.Range(0, 45).Select(i => (double)i), .. Enumerable.Repeat(100.0, 35), .. Enumerable.Range(101, 20).Select(i => (double)i)];

        Edges(numbers).Should().Equal(0, 9, 19, 29, 39, 72, 100, 110, 120);
    }

    [Test]
    public void Common_whole_numbers_have_a_bin_each_and_none_is_empty() =>
        Edges([.. Enumerable.Range(0, 1000).Select(i => (double)(i % 4))]).Should().Equal(0, 0.5, 1, 2, 3);

    [Test]
    public void There_is_no_edge_between_neighbours()
    {
        var next = Math.BitIncrement(1.0);

        Edges(1, 1, 1, next, next).Should().Equal(1, next);
    }

    [Test]
    public void What_is_not_finite_is_passed_over() =>
        Edges(double.NaN, double.NegativeInfinity, 3, double.PositiveInfinity).Should().Equal(3);

    [Test]
    public void Without_a_number_there_is_no_edge() => Edges(double.NaN).Should().BeEmpty();

    [TestCase(false)]
    [TestCase(true)]
    public void Of_more_numbers_than_are_kept_ranks_are_off_by_less_than_the_stated_error(bool isAscending)
    {
        const int Count = 1_000_000;
        var random = new Random(1);
        double[] numbers = [.. Enumerable.Range(0, Count).Select(i => isAscending ? i : random.Next(int.MaxValue))];

        var edges = Edges(numbers);

        Array.Sort(numbers);
        edges.Should().HaveCount(11);
        edges[0].Should().Be(numbers[0]);
        edges[10].Should().Be(numbers[^1]);
        for (var decile = 1; decile < 10; decile++)
        {
            var rank = Array.BinarySearch(numbers, edges[decile]);
            Math.Abs((rank / (double)Count) - (decile / 10.0)).Should().BeLessThan(0.006);
        }
    }

    [Test]
    public void The_same_numbers_give_the_same_edges()
    {
        double[] numbers = [.. Enumerable.Range(0, 300_000).Select(i => Math.Sin(i))];

        Edges(numbers).Should().Equal(Edges(numbers));
    }

    private static double[] Edges(params double[] numbers)
    {
        var sample = new QuantileSample();
        foreach (var number in numbers)
        {
            sample.Add(number);
        }

        return sample.Edges(11);
    }
}
