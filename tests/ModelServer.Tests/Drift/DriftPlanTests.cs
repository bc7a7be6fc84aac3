using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Batching;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Text;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class DriftPlanTests
{
    [Test]
    public void Every_row_of_inputs_and_outputs_falls_into_a_bin_of_each_feature()
    {
        using var model = new LoadedModel(TestModels.Double());
        var plan = BaselineBinding.Bind(
            SampleBaselines.Of(
                [SampleBaselines.Numeric("x", 0, 1, 2), SampleBaselines.Numeric("x", 0, 1) with { Name = "last", Column = 2 }],
                [SampleBaselines.Numeric("y", 0, 10) with { Column = 1 }]),
            model.Session);
        using var call = model.Floats([4, 3], -1, 0, 5, 0.5f, 3, 0, 2, 6, 1, float.NaN, 0.5f, float.NegativeInfinity);

        plan.Observe(model.Session, call);

        plan.Seen("x").Should().Be("low:1 [0,1]:1 (1,2]:1 missing:1");
        plan.Seen("last").Should().Be("low:1 [0,1]:2 high:1");
        plan.Seen("output.y").Should().Be("[0,10]:3 high:1");
    }

    [TestCase(OnnxType.UInt8)]
    [TestCase(OnnxType.Int8)]
    [TestCase(OnnxType.UInt16)]
    [TestCase(OnnxType.Int16)]
    [TestCase(OnnxType.UInt32)]
    [TestCase(OnnxType.Int32)]
    [TestCase(OnnxType.UInt64)]
    [TestCase(OnnxType.Int64)]
    [TestCase(OnnxType.Float16)]
    [TestCase(OnnxType.BFloat16)]
    [TestCase(OnnxType.Float)]
    [TestCase(OnnxType.Double)]
    public void Elements_of_every_type_are_numbers(OnnxType type)
    {
        using var model = new LoadedModel(TestModels.Identity(type, -1, 2));
        var isWhole = type is not (OnnxType.Float16 or OnnxType.BFloat16 or OnnxType.Float or OnnxType.Double);
        List<BaselineFeature> inputs =
        [
            SampleBaselines.Numeric("x", 3, 7) with { Column = 1 },
            SampleBaselines.Numeric("x", 9, 11) with { Name = "norm", Measure = FeatureMeasure.Norm },
            SampleBaselines.Words("x", "0", "1") with { Name = "top", Measure = FeatureMeasure.TopClass },
        ];
        if (isWhole)
        {
            inputs.Add(SampleBaselines.Words("x", "8", "6") with { Name = "word" });
        }

        var plan = BaselineBinding.Bind(SampleBaselines.Of(inputs), model.Session);
        using var call = model.Session.Rent();
        Fill(call.Prepare(0, [2, 2], 4), type, 8, 6, 2, 3);

        plan.Observe(model.Session, call);

        plan.Seen("x").Should().Be("[3,7]:2");
        plan.Seen("norm").Should().Be("low:1 [9,11]:1");
        plan.Seen("top").Should().Be("0:1 1:1");
        if (isWhole)
        {
            plan.Seen("word").Should().Be("8:1 other:1");
        }
    }

    [Test]
    public void Texts_are_categories_byte_by_byte()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.String, -1));
        var plan = BaselineBinding.Bind(SampleBaselines.Of([SampleBaselines.Words("x", "café", "de")], [SampleBaselines.Words("y", "fr")]), model.Session);
        using var call = model.Texts("de", "café", "", "fr", "DE");

        plan.Observe(model.Session, call);

        plan.Seen("x").Should().Be("café:1 de:1 other:2 missing:1");
        plan.Seen("output.y").Should().Be("fr:1 other:3 missing:1");
    }

    [Test]
    public void Truth_values_are_words_or_numbers()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.Bool, -1));
        var plan = BaselineBinding.Bind(SampleBaselines.Of([SampleBaselines.Words("x", "false", "true"), SampleBaselines.Numeric("x", 1) with { Name = "n" }]), model.Session);
        using var call = model.Session.Rent();
        ((byte[])[1, 0, 1]).CopyTo(call.Prepare(0, [3], 3).Bytes);

        plan.Observe(model.Session, call);

        plan.Seen("x").Should().Be("false:1 true:2");
        plan.Seen("n").Should().Be("low:1 [1,1]:2");
    }

    [Test]
    public void Images_are_seen_channel_by_channel()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.UInt8, -1, 2, 1, 2));
        var plan = BaselineBinding.Bind(
            SampleBaselines.Of(
            [
                SampleBaselines.Numeric("x", 0, 100) with { Measure = FeatureMeasure.ChannelMean, Column = 1 },
                SampleBaselines.Numeric("x", 5) with { Name = "d", Measure = FeatureMeasure.ChannelDeviation, Column = 1 },
            ]),
            model.Session);
        using var call = model.Session.Rent();
        ((byte[])[255, 255, 10, 20, 0, 0, 200, 220]).CopyTo(call.Prepare(0, [2, 2, 1, 2], 8).Bytes);

        plan.Observe(model.Session, call);

        plan.Seen("x").Should().Be("[0,100]:1 high:1");
        plan.Seen("d").Should().Be("[5,5]:1 high:1");
    }

    [Test]
    public void Embeddings_are_seen_by_their_angle_and_answers_by_their_largest()
    {
        using var model = new LoadedModel(TestModels.Classifier());
        var plan = BaselineBinding.Bind(
            SampleBaselines.Of(
                [SampleBaselines.Numeric("x", -0.5, 0.5) with { Measure = FeatureMeasure.CentroidCosine, Centroid = [1, 0] }],
                [
                    SampleBaselines.Words("probabilities", "0", "1") with { Measure = FeatureMeasure.TopClass },
                    SampleBaselines.Numeric("probabilities", 0.5, 0.75) with { Name = "sure", Measure = FeatureMeasure.Confidence },
                    SampleBaselines.Words("label", "1"),
                ]),
            model.Session);
        using var call = model.Floats([4, 2], 5, 0, 0, 5, 0, 0, float.NaN, 1);

        plan.Observe(model.Session, call);

        plan.Seen("x").Should().Be("[-0.5,0.5]:1 high:1 missing:2");
        plan.Seen("output.probabilities").Should().Be("0:2 1:1 missing:1");
        plan.Seen("output.sure").Should().Be("[0.5,0.75]:1 high:2 missing:1");
        plan.Features.Single(feature => feature.Name == "output.label").Bins.Labels.Should().Equal("1", "other", "missing");
    }

    [Test]
    public void A_row_that_is_shorter_than_the_column_has_no_figure_there()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.Int64, -1, -1));
        var plan = BaselineBinding.Bind(SampleBaselines.Of([SampleBaselines.Numeric("x", 0) with { Column = 2 }, SampleBaselines.Words("x", "0") with { Name = "w", Column = 2 }]), model.Session);
        foreach (var width in (int[])[2, 3, 0])
        {
            using var call = model.Session.Rent();
            call.Prepare(0, [1, width], width).Elements<long>().Clear();
            plan.Observe(model.Session, call);
        }

        plan.Seen("x").Should().Be("[0,0]:1 missing:2");
        plan.Seen("w").Should().Be("0:1 missing:2");
    }

    [Test]
    public void Texts_are_seen_by_all_their_tokens_also_those_that_are_cut_off()
    {
        using var folder = new ModelFolder()
            .WithModel(TestModels.TokenSums())
            .WithText("vocab.txt", Vocabularies.WordPiece)
            .WithText("model.yaml", "tokenizer: {type: WordPiece, vocabulary: vocab.txt, maxLength: 4}");
        using var session = Sessions.Load(folder);
        var plan = BaselineBinding.Bind(
            SampleBaselines.Of(
            [
                SampleBaselines.Numeric("text", 0, 2, 3, 5) with { Measure = FeatureMeasure.TokenCount },
                SampleBaselines.Numeric("text", 0, 0.25, 0.5) with { Name = "unknown", Measure = FeatureMeasure.UnknownTokenShare },
            ]),
            session);
        foreach (var texts in (string[])["\"the cat\", \"the cat sat on the\", \"\"", "\"dog\""])
        {
            using var call = session.Call($$"""{"inputs": [{"name": "text", "datatype": "BYTES", "shape": [{{texts.Split(',').Length}}], "data": [{{texts}}]}]}""");
            plan.Observe(session, call);
        }

        plan.Seen("text").Should().Be("[0,2]:3 (3,5]:1");
        plan.Seen("unknown").Should().Be("[0,0.25]:2 high:1 missing:1");
    }

    [Test]
    public void Of_calls_that_ran_together_each_counts_its_own_rows()
    {
        using var model = new LoadedModel(TestModels.Double(width: 1));
        var plan = BaselineBinding.Bind(SampleBaselines.Of([SampleBaselines.Numeric("x", 0, 10)], [SampleBaselines.Numeric("y", 0, 10)]), model.Session);
        using var one = model.Floats([1, 1], 1);
        using var other = model.Floats([2, 1], 7, 8);
        using var both = model.Floats([3, 1], 1, 7, 8);
        var outputs = new RunOutputs(model.Session.Run(both, CancellationToken.None), users: 2);
        using var first = new InferResult(one, outputs, firstRow: 0, rows: 1);
        using var second = new InferResult(other, outputs, firstRow: 1, rows: 2);

        plan.Observe(second);
        var after = plan.Seen("output.y");
        plan.Observe(first);

        after.Should().Be("high:2");
        plan.Seen("output.y").Should().Be("[0,10]:1 high:2");
        plan.Seen("x").Should().Be("[0,10]:3");
    }

    [Test]
    public void Outputs_that_were_not_asked_for_are_not_there()
    {
        using var model = new LoadedModel(TestModels.TwoTypes());
        var plan = BaselineBinding.Bind(SampleBaselines.Of([], [SampleBaselines.Numeric("ya", 0), SampleBaselines.Numeric("yb", 0)]), model.Session);
        using var call = model.Session.Rent();
        call.Prepare(0, [1, 2], 2).Elements<float>().Clear();
        call.Prepare(1, [3], 3).Elements<long>().Clear();
        call.Want([1]);

        plan.Observe(model.Session, call);

        plan.Seen("output.ya").Should().BeEmpty();
        plan.Seen("output.yb").Should().Be("[0,0]:3");
    }

    [Test]
    public void Thousands_of_rows_are_all_counted()
    {
        using var model = new LoadedModel(TestModels.Double());
        var plan = BaselineBinding.Bind(
            SampleBaselines.Of([.. Enumerable.Range(0, 3).Select(column => SampleBaselines.Numeric("x", 0) with { Name = $"{column}", Column = column })]), model.Session);
        using var call = model.Floats([5000, 3], new float[15_000]);

        plan.Observe(model.Session, call);

        plan.Counts().Should().Equal(0, 5000, 0, 0, 0, 5000, 0, 0, 0, 5000, 0, 0);
    }

    [Test]
    public void Observing_allocates_nothing()
    {
        using var model = new LoadedModel(TestModels.Double());
        var plan = BaselineBinding.Bind(
            SampleBaselines.Of(
                [SampleBaselines.Numeric("x", 0, 1), SampleBaselines.Numeric("x", 1) with { Name = "n", Measure = FeatureMeasure.Norm }],
                [SampleBaselines.Words("y", "0") with { Measure = FeatureMeasure.TopClass }]),
            model.Session);
        using var options = new RunOptions();
        using var call = model.Floats([100, 3], new float[300]);
        var result = new InferResult(call, model.Session.RunAlone(call, 100, options));
        plan.Observe(result);

        var before = GC.GetAllocatedBytesForCurrentThread();
        plan.Observe(result);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static void Fill(TensorBuffer buffer, OnnxType type, params byte[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            ReadOnlySpan<byte> element = type switch
            {
                OnnxType.Float16 => MemoryMarshal.AsBytes<Half>([(Half)value]),
                OnnxType.BFloat16 => BitConverter.GetBytes((float)value).AsSpan(2),
                OnnxType.Float => BitConverter.GetBytes((float)value),
                OnnxType.Double => BitConverter.GetBytes((double)value),
                _ => BitConverter.GetBytes((ulong)value).AsSpan(0, buffer.Bytes.Length / values.Length),
            };
            element.CopyTo(buffer.Bytes[(i * element.Length)..]);
        }
    }
}
