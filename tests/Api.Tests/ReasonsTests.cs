namespace Slipway.Api.Tests;

internal sealed class ReasonsTests
{
    [Test]
    public void Names_are_unique_and_fit_the_condition_schema()
    {
        Reasons.All.Select(reason => reason.Name).Should().OnlyHaveUniqueItems();
        Reasons.All.Should().OnlyContain(reason => reason.Name.All(char.IsAsciiLetter));
    }

    [Test]
    public void Each_says_what_it_means_and_what_to_do() =>
        Reasons.All.Should().OnlyContain(reason => reason.Meaning.EndsWith('.') && reason.Remedy.EndsWith('.'));
}
