using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Tests.Baselines.Data;

internal sealed class CellTests
{
    [TestCase("1.5", 1.5)]
    [TestCase(" -1e3 ", -1000)]
    [TestCase("NaN", double.NaN)]
    [TestCase("inf", double.PositiveInfinity)]
    [TestCase("-inf", double.NegativeInfinity)]
    public void Raw_characters_are_numbers_as_programs_write_them(string text, double expected)
    {
        Cell.Raw(text.AsMemory()).TryNumber(out var number).Should().BeTrue();
        number.Should().Be(expected);
    }

    [TestCase("1,5")]
    [TestCase("x")]
    [TestCase("infinite")]
    public void Other_characters_are_none(string text) => Cell.Raw(text.AsMemory()).TryNumber(out _).Should().BeFalse();

    [TestCase("9007199254740993", 9007199254740993)]
    [TestCase("3.0", 3)]
    [TestCase("-4", -4)]
    public void Whole_numbers_may_have_an_empty_fraction_and_lose_no_digit(string text, long expected)
    {
        Cell.Raw(text.AsMemory()).TryWhole(out var whole).Should().BeTrue();
        whole.Should().Be(expected);
    }

    [TestCase("3.5")]
    [TestCase("1e300")]
    [TestCase("NaN")]
    public void Fractions_are_no_whole_numbers(string text) => Cell.Raw(text.AsMemory()).TryWhole(out _).Should().BeFalse();

    [TestCase("true", true)]
    [TestCase("False", false)]
    [TestCase("1", true)]
    [TestCase("0", false)]
    public void Flags_are_words_or_digits(string text, bool expected)
    {
        Cell.Raw(text.AsMemory()).TryFlag(out var flag).Should().BeTrue();
        flag.Should().Be(expected);
    }

    [Test]
    public void Typed_texts_are_no_numbers_and_typed_numbers_are_flags_only_when_0_or_1()
    {
        Cell.Text("1".AsMemory()).TryNumber(out _).Should().BeFalse();
        Cell.Text("true".AsMemory()).TryFlag(out _).Should().BeFalse();
        Cell.Whole(2).TryFlag(out _).Should().BeFalse();
        Cell.Whole(1).TryFlag(out var flag).Should().BeTrue();
        flag.Should().BeTrue();
    }
}
