using System.Text.Json;
using Slipway.Benchmarks.Server;

namespace Slipway.Benchmarks.Tests.Server;

internal sealed class FigureTests
{
    private static readonly Figure Most = new("cpu", "ratio", AtMost: 2);
    private static readonly Figure Least = new("goodput", "ratio", AtLeast: 0.85);

    [TestCase(1.7, 2.0, "reached")]
    [TestCase(1.7, 2.01, "unresolved")]
    [TestCase(2.0, 2.2, "unresolved")]
    [TestCase(2.01, 2.2, "missed")]
    public void A_bound_above_is_reached_or_missed_only_by_the_whole_interval(double low, double high, string verdict) =>
        Most.Verdict(new((low + high) / 2, low, high)).Should().Be(verdict);

    [TestCase(0.85, 0.9, "reached")]
    [TestCase(0.84, 0.9, "unresolved")]
    [TestCase(0.8, 0.85, "unresolved")]
    [TestCase(0.8, 0.84, "missed")]
    public void A_bound_below_is_reached_or_missed_only_by_the_whole_interval(double low, double high, string verdict) =>
        Least.Verdict(new((low + high) / 2, low, high)).Should().Be(verdict);

    [Test]
    public void A_count_of_zero_reaches_a_bound_of_zero() => new Figure("failed", "requests", AtMost: 0).Verdict(Interval.Exactly(0)).Should().Be("reached");

    [Test]
    public void A_figure_without_a_bound_is_not_judged() => new Figure("p99", "ms").Verdict(Interval.Exactly(4)).Should().Be("printed");

    [Test]
    public void A_number_that_is_none_is_never_reached() =>
        Most.Verdict(Interval.Exactly(double.NaN)).Should().Be("unresolved");

    [Test]
    public void A_line_is_JSON_with_four_digits()
    {
        var line = JsonDocument.Parse(Most.Line(new(1.23456, 1.2, 1.31))).RootElement;
        line.GetProperty("name").GetString().Should().Be("cpu");
        line.GetProperty("value").GetDouble().Should().Be(1.235);
        line.GetProperty("low").GetDouble().Should().Be(1.2);
        line.GetProperty("high").GetDouble().Should().Be(1.31);
        line.GetProperty("unit").GetString().Should().Be("ratio");
        line.GetProperty("verdict").GetString().Should().Be("reached");
    }
}
