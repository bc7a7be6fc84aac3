using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Tests.Text;

internal sealed class AccentsTests
{
    [TestCase("Zażółć gęślą jaźń", "Zazołc gesla jazn")]
    [TestCase("e\u0301 and \u00E9", "e and e")]
    [TestCase("Ἀθῆναι", "Αθηναι")]
    [TestCase("がぎ", "かき")]
    [TestCase("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [TestCase("plain 😀 ß", "plain 😀 ß")]
    public void Letters_lose_their_accents_and_nothing_else(string text, string bare)
    {
        var target = new char[3 * text.Length];

        new string(target, 0, Accents.Strip(text, target)).Should().Be(bare);
    }

    [Test]
    public void What_is_left_carries_no_accent_any_more()
    {
        for (var i = 1; i < AccentTable.Pairs.Length; i += 2)
        {
            var target = new char[3];
            Accents.Strip(AccentTable.Pairs.AsSpan(i, 1), target).Should().Be(1);
            target[0].Should().Be(AccentTable.Pairs[i]);
        }
    }
}
