using Slipway.ModelServer.ModelYaml;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Tests.Text;

internal sealed class TokenizerFactoryTests
{
    private const int Plenty = 100;

    [TestCase("The cat sat, unaffable!", new[] { 2, 4, 5, 6, 10, 7, 8, 9, 11, 3 })]
    [TestCase("thé CAT", new[] { 2, 4, 5, 3 })]
    [TestCase("the dog", new[] { 2, 4, 1, 3 })]
    [TestCase("", new[] { 2, 3 })]
    [TestCase("猫cat", new[] { 2, 13, 5, 3 })]
    public void Word_pieces_are_the_longest_that_the_vocabulary_has(string text, int[] ids) =>
        Encode(new TokenizerConfig { Type = TokenizerKind.WordPiece, Vocabulary = "v" }, text).Should().Equal(ids);

    [Test]
    public void A_cased_vocabulary_keeps_capitals() =>
        Encode(new TokenizerConfig { Type = TokenizerKind.WordPiece, Vocabulary = "v", Lowercase = false }, "The the").Should().Equal(2, 12, 4, 3);

    [Test]
    public void Marks_can_be_left_out() =>
        Encode(new TokenizerConfig { Type = TokenizerKind.WordPiece, Vocabulary = "v", BeginToken = "", EndToken = "" }, "the cat").Should().Equal(4, 5);

    [TestCase("low", new[] { 10 })]
    [TestCase("low lower", new[] { 10, 12, 11 })]
    [TestCase("wol", new[] { 5, 4, 3 })]
    public void Byte_pairs_are_merged_in_the_order_of_the_merges(string text, int[] ids) => Encode(Bpe, text).Should().Equal(ids);

    [Test]
    public void Byte_pairs_get_the_marks_that_are_asked_for() =>
        Encode(Bpe with { BeginToken = "<s>", EndToken = "</s>", PadToken = "<pad>" }, "low").Should().Equal(1, 10, 2);

    [Test]
    public void Sentence_pieces_by_byte_pairs_begin_with_a_blank() =>
        Encode(new TokenizerConfig { Type = TokenizerKind.SentencePiece, Vocabulary = "sp-bpe", EndToken = "</s>" }, "hello").Should().Equal(7, 2);

    [Test]
    public void Sentence_pieces_by_likelihood_are_the_likeliest() =>
        Encode(new TokenizerConfig { Type = TokenizerKind.SentencePiece, Vocabulary = "sp-unigram" }, "abba").Should().Equal(3, 6, 5, 4);

    [Test]
    public void A_text_that_is_too_long_is_cut_before_its_end_mark()
    {
        using var folder = Folder();
        var tokenizer = Create(new TokenizerConfig { Type = TokenizerKind.WordPiece, Vocabulary = "v" }, folder);

        tokenizer.Encode("the cat sat", most: 4, out var isCut).Should().Equal(2, 4, 5, 3);
        isCut.Should().BeTrue();
        tokenizer.Encode("the cat", most: 4, out isCut).Should().Equal(2, 4, 5, 3);
        isCut.Should().BeFalse();
    }

    [TestCase(TokenizerKind.Bpe, "v", "tokenizer.vocabulary: 'v' is no vocabulary of type Bpe: *")]
    [TestCase(TokenizerKind.SentencePiece, "v", "tokenizer.vocabulary: 'v' is no vocabulary of type SentencePiece: *")]
    [TestCase(TokenizerKind.WordPiece, "none", "tokenizer.vocabulary: there is no file 'none' in the version's folder")]
    [TestCase(TokenizerKind.WordPiece, "bpe", "tokenizer.beginToken: 'bpe' holds no token '[CLS]'; *")]
    public void A_file_that_is_no_vocabulary_is_told(TokenizerKind type, string file, string message)
    {
        using var folder = Folder();
        var errors = new List<string>();

        TokenizerFactory.Create(new TokenizerConfig { Type = type, Vocabulary = file, Merges = "merges" }, Path.Combine(folder.Path, "1"), errors).Should().BeNull();

        errors[0].Should().Match(message);
    }

    private static TokenizerConfig Bpe => new() { Type = TokenizerKind.Bpe, Vocabulary = "bpe", Merges = "merges" };

    private static List<int> Encode(TokenizerConfig config, string text)
    {
        using var folder = Folder();
        return Create(config, folder).Encode(text, Plenty, out _);
    }

    private static TextTokenizer Create(TokenizerConfig config, ModelFolder folder)
    {
        var errors = new List<string>();
        var tokenizer = TokenizerFactory.Create(config, Path.Combine(folder.Path, "1"), errors);
        errors.Should().BeEmpty();
        return tokenizer!;
    }

    private static ModelFolder Folder() => new ModelFolder()
        .WithText("v", Vocabularies.WordPiece)
        .WithText("bpe", Vocabularies.Bpe)
        .WithText("merges", Vocabularies.BpeMerges)
        .With("1", "sp-bpe", Vocabularies.SentencePieceBpe())
        .With("1", "sp-unigram", Vocabularies.SentencePieceUnigram());
}
