using Slipway.ModelServer.Baselines;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class CommonWordsTests
{
    [Test]
    public void The_commonest_come_first_and_equally_common_ones_by_their_characters() =>
        Commonest(3, "b", "c", "a", "c", "b", "d", "c").Should().Equal("c", "b", "a");

    [Test]
    public void Of_more_words_than_are_counted_the_common_ones_are_kept()
    {
        var random = new Random(3);
        // Ten words of 1 % each and a million rows in which nearly no other comes twice.
        var words = Enumerable.Range(0, 1_000_000).Select(i => random.Next(10) == 0 ? $"common{random.Next(10)}" : $"rare{i}");

        Commonest(10, words).Should().BeEquivalentTo(Enumerable.Range(0, 10).Select(i => $"common{i}"));
    }

    [Test]
    public void A_word_above_the_stated_share_is_kept_even_when_it_comes_first_of_all()
    {
        const int Rows = 500_000;
        const int Times = (Rows / CommonWords.MostCounters) + 2;
        var words = Enumerable.Repeat("early", Times).Concat(Enumerable.Range(0, Rows - Times).Select(i => $"rare{i}"));

        Commonest(CommonWords.MostCounters, words).Should().Contain("early");
    }

    private static string[] Commonest(int most, params IEnumerable<string> words)
    {
        var common = new CommonWords();
        foreach (var word in words)
        {
            common.Add(word);
        }

        return common.Commonest(most);
    }
}
