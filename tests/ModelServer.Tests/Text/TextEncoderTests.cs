using System.Text;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Text;

internal sealed class TextEncoderTests
{
    private const string Plain = "type: WordPiece, vocabulary: vocab.txt";

    [Test]
    public void Texts_become_ids_a_mask_and_types_padded_to_the_longest_of_the_call()
    {
        using var folder = Folder(Plain);
        using var session = Sessions.Load(folder);
        using var call = session.Call(Texts("the cat sat", "the"));
        using var result = session.Run(call);

        session.Inputs.Select(input => input.ToString()).Should().Equal("'text' (BYTES, shape [-1])");
        result.Output(1).Shape.ToArray().Should().Equal(2, 5);
        result.Output(1).Elements<long>().ToArray().Should().Equal(2, 4, 5, 6, 3, 2, 4, 3, 0, 0);
        result.Output(0).Elements<float>().ToArray().Should().Equal(20, 5, 0, 9, 3, 0);
    }

    [Test]
    public void A_graph_of_32_bits_without_types_gets_what_it_takes()
    {
        using var folder = Folder($"{Plain}, input: question", TestModels.TokenSums(OnnxType.Int32, withTypes: false));
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "question", "datatype": "BYTES", "shape": [1], "data": ["cat"]}]}""");
        using var result = session.Run(call);

        result.Output(0).Elements<float>().ToArray().Should().Equal(10, 3);
        result.Output(1).Elements<int>().ToArray().Should().Equal(2, 5, 3);
    }

    [Test]
    public void A_graph_of_a_fixed_length_is_filled_up_to_it()
    {
        using var folder = Folder(Plain, TestModels.TokenSums(length: 4));
        using var session = Sessions.Load(folder);
        using var call = session.Call(Texts("the cat sat", "the"));
        using var result = session.Run(call);

        result.Output(1).Elements<long>().ToArray().Should().Equal(2, 4, 5, 3, 2, 4, 3, 0);
    }

    [Test]
    public void A_text_that_is_too_long_is_refused_when_cutting_is_switched_off()
    {
        using var folder = Folder($"{Plain}, truncate: false, maxLength: 4");
        using var session = Sessions.Load(folder);

        var encode = () => session.Call(Texts("the cat", "the cat sat")).Dispose();

        encode.Should().Throw<ServingException>().WithMessage(
            "Input 'text' (BYTES, shape [-1]): element 1 has more than the 4 tokens that this model reads, 2 of them its marks; send a shorter text.");
    }

    [Test]
    public void A_text_that_is_no_utf8_is_refused()
    {
        using var folder = Folder(Plain);
        using var session = Sessions.Load(folder);
        using var call = session.Rent();
        call.Prepare(0, [1], 1).SetString(0, [0xC3, 0x28]);

        var encode = () => session.Text!.Encode(call);

        encode.Should().Throw<ServingException>().WithMessage("Input 'text' (BYTES, shape [-1]): element 0 is no valid UTF-8.");
    }

    [Test]
    public void Many_short_texts_beside_a_long_one_are_refused_before_they_are_filled_up()
    {
        using var folder = Folder($"{Plain}, maxLength: 1000");
        using var session = Sessions.Load(folder);
        using var call = session.Rent();
        var texts = call.Prepare(0, [5000], 5000);
        texts.SetString(17, Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Repeat("cat", 998))));

        var encode = () => session.Text!.Encode(call);

        encode.Should().Throw<ServingException>().WithMessage("Input 'text' (BYTES, shape [-1]): 5000 texts of 1000 tokens each, *; send fewer texts at a time.");
    }

    [Test]
    public void Calls_of_the_same_length_can_run_together_and_others_cannot()
    {
        using var folder = Folder(Plain);
        using var session = Sessions.Load(folder);
        using var one = session.Call(Texts("the cat", "the"));
        using var same = session.Call(Texts("cat sat"));
        using var longer = session.Call(Texts("the cat sat"));

        BatchKey.Rows(one).Should().Be(2);
        BatchKey.Match(one, same).Should().BeTrue();
        BatchKey.Match(one, longer).Should().BeFalse();
    }

    [Test]
    public void Rounding_lengths_up_lets_more_calls_run_together()
    {
        using var folder = Folder($"{Plain}, padToMultipleOf: 8");
        using var session = Sessions.Load(folder);
        using var one = session.Call(Texts("cat"));
        using var longer = session.Call(Texts("the cat sat"));

        BatchKey.Match(one, longer).Should().BeTrue();
        one.GraphInput(0).Shape.ToArray().Should().Equal(1, 8);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Texts_sent_at_once_are_answered_as_texts_sent_alone(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            Folder(Plain, yaml: "batching: {mode: On, maxDelay: 20ms}"), cancellationToken);
        string[] texts = ["the", "cat", "the cat", "cat sat", "unaffable", "the cat sat, unaffable!"];
        float[] sums = [9, 10, 14, 16, 29, 65];

        var answers = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => server.InferAsync(Texts(texts[i % texts.Length]), cancellationToken)));

        for (var i = 0; i < answers.Length; i++)
        {
            ((int)answers[i].Status).Should().Be(200, answers[i].Body.ToJsonString());
            answers[i].Body["outputs"]![0]!["data"]![0]!.GetValue<float>().Should().Be(sums[i % sums.Length]);
        }
    }

    private static ModelFolder Folder(string tokenizer, byte[]? model = null, string yaml = "") => new ModelFolder()
        .WithModel(model ?? TestModels.TokenSums())
        .WithText("vocab.txt", Vocabularies.WordPiece)
        .WithText("model.yaml", $"tokenizer: {{{tokenizer}}}\n{yaml}");

    private static string Texts(params string[] texts) =>
        $$"""{"inputs": [{"name": "text", "datatype": "BYTES", "shape": [{{texts.Length}}], "data": [{{string.Join(',', texts.Select(text => $"\"{text}\""))}}]}]}""";
}
