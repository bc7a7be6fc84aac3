using System.Globalization;
using Slipway.Api.Monitoring;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.DriftReports;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Baselines;
using Slipway.ModelServer.Tests.Drift;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Text;

namespace Slipway.ModelServer.Tests.DriftReports;

internal sealed class DriftCheckTests
{
    private static readonly byte[] TwoColumns = TestModels.Identities(OnnxType.Float, OnnxType.String);

    [TestCase(true)]
    [TestCase(false)]
    public async Task Rows_drawn_from_the_training_rows_are_stable(bool withModel)
    {
        var random = new Random(5);
        var training = Enumerable.Range(0, 20_000).Select(_ => Row(random.NextDouble() * 10, random.Next(3))).ToList();
        var drawn = Enumerable.Range(0, 5000).Select(_ => training[random.Next(training.Count)]);
        var baseline = await new Making(TestModels.Classifier()).OfAsync("train.csv", Csv("a,b", training));
        var checking = new Checking(baseline);

        var report = await checking.OfAsync(withModel ? TestModels.Classifier() : null, "new.csv", Csv("a,b", drawn));

        report.Rows.Should().Be(5000);
        report.Drifted.Should().BeFalse();
        report.Features.Should().HaveCount(withModel ? 5 : 2).And.OnlyContain(feature => feature.Verdict == DriftVerdict.Stable && feature.Rows == 5000 && feature.Psi < 0.01);
        checking.Notes.Should().HaveCount(withModel ? 0 : 3);
        checking.Told.Should().BeInAscendingOrder();
        checking.Told[^1].Should().Be(1);
    }

    [Test]
    public async Task Only_what_is_shifted_has_drifted_and_stands_first()
    {
        var random = new Random(6);
        var rows = Enumerable.Range(0, 4000).Select(_ => (Number: random.NextDouble(), Word: $"w{random.Next(4)}")).ToList();
        var baseline = await new Making(TwoColumns).OfAsync("train.csv", Csv("x0,x1", rows.Select(row => Row(row.Number, row.Word))));

        var numbers = await new Checking(baseline).OfAsync(TwoColumns, "new.csv", Csv("x0,x1", rows.Select(row => Row(row.Number + 0.3, row.Word))));
        var words = await new Checking(baseline).OfAsync(TwoColumns, "new.csv", Csv("x0,x1", rows.Select(row => Row(row.Number, row.Word == "w0" ? "new" : row.Word))));

        Drifted(numbers).Should().Equal("x0", "output.y0");
        Drifted(words).Should().Equal("x1", "output.y1");
        numbers.Features.Select(feature => feature.Name).Should().StartWith(["x0", "output.y0"]);
        numbers.Features.Where(feature => feature.Name is "x1" or "output.y1").Should().OnlyContain(feature => feature.Psi == 0);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Figures_are_those_of_rows_that_are_counted_by_hand(bool withModel)
    {
        var random = new Random(7);
        var training = Enumerable.Range(0, 3000).Select(_ => (Number: (double)(float)random.NextDouble(), Word: $"w{random.Next(4)}"));
        var baseline = await new Making(TwoColumns).OfAsync("train.csv", Csv("x0,x1", training.Select(row => Row(row.Number, row.Word))));
        var rows = Enumerable.Range(0, 2000).Select(i => (Number: i % 10 == 0 ? double.NaN : (double)(float)Math.Pow(random.NextDouble(), 1.5) * 1.1, Word: i % 7 == 0 ? "" : $"w{random.Next(5)}")).ToList();

        var report = await new Checking(baseline).OfAsync(withModel ? TwoColumns : null, "new.csv", Csv("x0,x1", rows.Select(row => Row(double.IsNaN(row.Number) ? "" : row.Number, row.Word))));

        var edges = baseline.Inputs[0].Edges!;
        var upper = edges.Skip(1).ToList();
        long[] numbers =
        [
            rows.Count(row => row.Number < edges[0]),
            .. upper.Select((edge, i) => (long)rows.Count(row => row.Number <= edge && (i == 0 ? row.Number >= edges[0] : row.Number > upper[i - 1]))),
            rows.Count(row => row.Number > edges[^1]),
            200,
        ];
        long[] words = [.. baseline.Inputs[1].Categories!.Select(word => (long)rows.Count(row => row.Word == word)), rows.Count(row => row.Word == "w4"), rows.Count(row => row.Word.Length == 0)];
        double[] expectedNumbers = [.. baseline.Inputs[0].Ratios], expectedWords = [.. baseline.Inputs[1].Ratios];
        var number = report.Features.Single(feature => feature.Name == "x0");
        number.Should().BeEquivalentTo(new
        {
            Kind = FeatureKind.Numeric,
            Rows = 2000,
            MissingShare = 0.1,
            Psi = DriftScores.Psi(expectedNumbers, numbers),
            JensenShannonDivergence = DriftScores.JensenShannonDivergence(expectedNumbers, numbers),
            JensenShannonDistance = DriftScores.JensenShannonDistance(expectedNumbers, numbers),
            KolmogorovSmirnov = DriftScores.KolmogorovSmirnov(expectedNumbers.AsSpan(..^1), numbers.AsSpan(..^1)),
            TotalVariation = (double?)null,
            ChiSquarePValue = DriftScores.ChiSquare(expectedNumbers, numbers).PValue,
        });
        number.Bins.Should().Equal(baseline.Inputs[0].Bins().Labels.Select((label, bin) => new BinCount(label, expectedNumbers[bin], numbers[bin])));
        var word = report.Features.Single(feature => feature.Name == "x1");
        word.Should().BeEquivalentTo(new
        {
            Kind = FeatureKind.Categorical,
            MissingShare = words[^1] / 2000.0,
            Psi = DriftScores.Psi(expectedWords, words),
            KolmogorovSmirnov = (double?)null,
            TotalVariation = DriftScores.TotalVariation(expectedWords, words),
            ChiSquarePValue = DriftScores.ChiSquare(expectedWords, words).PValue,
        });
        word.Bins.Select(bin => bin.Count).Should().Equal(words);
    }

    [TestCase(OnnxType.Float)]
    [TestCase(OnnxType.Double)]
    [TestCase(OnnxType.Float16)]
    [TestCase(OnnxType.BFloat16)]
    [TestCase(OnnxType.Int32)]
    [TestCase(OnnxType.UInt8)]
    [TestCase(OnnxType.Bool)]
    [TestCase(OnnxType.String)]
    public async Task Values_fall_into_the_same_bins_with_the_model_and_without(OnnxType type)
    {
        // Tenths are no numbers of any precision: each is rounded as an edge and as a value.
        var rows = Enumerable.Range(0, 600).Select(i => type switch
        {
            OnnxType.Int32 or OnnxType.UInt8 => Row(i % 200),
            OnnxType.Bool => i % 3 == 0 ? "true" : "false",
            _ => Row(i % 37 / 10m),
        }).ToList();
        var model = TestModels.Identity(type, -1);
        var baseline = await new Making(model).OfAsync("train.csv", Csv("x", rows));

        var with = await new Checking(baseline).OfAsync(model, "new.csv", Csv("x", rows));
        var without = await new Checking(baseline).OfAsync(null, "new.csv", Csv("x", rows));

        with.Features.Should().HaveCount(2).And.OnlyContain(feature => feature.Psi < 1e-9, "they are the training rows");
        without.Features.Should().ContainSingle().Which.Should().BeEquivalentTo(with.Features.Single(feature => feature.Name == "x"));
    }

    [TestCase(4, new[] { "x[0]", "x[1]", "x[2]", "x[3]" })]
    [TestCase(32, new[] { "x.norm", "x.cosine" })]
    public async Task Arrays_are_found_by_the_name_of_the_input_or_alone(int width, string[] features)
    {
        var random = new Random(8);
        string Lines(string name) => string.Join('\n', Enumerable.Range(0, 600).Select(_ => $"{{\"id\":1,\"{name}\":[{string.Join(',', Enumerable.Range(0, width).Select(_ => Row(random.NextDouble())))}]}}"));
        var model = TestModels.Identity(OnnxType.Float, -1, width);
        var baseline = await new Making(model) { Labels = ["id"] }.OfAsync("train.jsonl", Lines("x"));

        var with = await new Checking(baseline) { Labels = ["id"] }.OfAsync(model, "new.jsonl", Lines("x"));
        var without = await new Checking(baseline).OfAsync(null, "new.jsonl", Lines("x"));
        var alone = await new Checking(baseline).OfAsync(null, "new.jsonl", Lines("embedding"));

        with.Features.Select(feature => feature.Name).Should().Contain(features);
        without.Features.Select(feature => feature.Name).Should().BeEquivalentTo(features);
        alone.Features.Select(feature => feature.Name).Should().BeEquivalentTo(features);
        with.Features.Concat(without.Features).Concat(alone.Features).Should().OnlyContain(feature => feature.Psi < 0.1 && feature.Rows == 600);
    }

    [Test]
    public async Task Columns_are_found_by_their_names_where_no_model_takes_them_by_their_order()
    {
        var rows = Enumerable.Range(0, 700).Select(i => (A: i, B: -i)).ToList();
        var baseline = await new Making(TestModels.Double(2)).OfAsync("train.csv", Csv("a,b", rows.Select(row => Row(row.A, row.B))));

        var report = await new Checking(baseline).OfAsync(null, "new.csv", Csv("truth,b,a", rows.Select(row => Row("yes", row.B, row.A))));

        report.Features.Should().HaveCount(2).And.OnlyContain(feature => feature.Psi < 1e-9);
    }

    [Test]
    public async Task Tokens_take_the_model()
    {
        var beside = new Dictionary<string, string> { ["model.yaml"] = "tokenizer: {type: WordPiece, vocabulary: vocab.txt, maxLength: 4}", ["vocab.txt"] = Vocabularies.WordPiece };
        var rows = Enumerable.Range(0, 600).Select(i => i % 2 == 0 ? "the cat" : "the dog sat").ToList();
        var baseline = await new Making(TestModels.TokenSums()) { Beside = beside }.OfAsync("train.csv", Csv("review", rows));
        var other = baseline.Inputs[0] with { Name = "kind", Tensor = "kind", Kind = FeatureKind.Categorical, Measure = FeatureMeasure.Value, Edges = null, Categories = ["a"], Ratios = [1, 0, 0] };
        var partly = new Checking(baseline with { Inputs = [.. baseline.Inputs, other] });

        var with = await new Checking(baseline) { Beside = beside }.OfAsync(TestModels.TokenSums(), "new.csv", Csv("review", rows));
        var without = await partly.OfAsync(null, "new.csv", Csv("kind", Enumerable.Repeat("a", 600)));

        with.Features.Select(feature => feature.Name).Should().Contain(["text.tokens", "text.unknown", "output.total.class"]);
        with.Features.Should().OnlyContain(feature => feature.Psi < 1e-9);
        without.Features.Select(feature => feature.Name).Should().Equal("kind");
        partly.Notes.Should().StartWith(["text.tokens is left out: it takes the model, which --model names", "text.unknown is left out: it takes the model, which --model names"]);
    }

    [TestCase(499, DriftVerdict.TooFewRows)]
    [TestCase(500, DriftVerdict.Drifted)]
    public async Task Of_too_few_rows_nothing_is_said(int rows, DriftVerdict verdict)
    {
        var baseline = await new Making(TestModels.Plus(1)).OfAsync("train.csv", "x\n1\n");

        var report = await new Checking(baseline).OfAsync(null, "new.csv", Csv("x", Enumerable.Repeat("2", rows)));

        report.Features.Should().ContainSingle().Which.Verdict.Should().Be(verdict);
        report.Drifted.Should().Be(verdict == DriftVerdict.Drifted);
    }

    [TestCase(649, DriftVerdict.TooFewRows)]
    [TestCase(650, DriftVerdict.Drifted)]
    public async Task It_also_takes_fifty_for_each_bin(int rows, DriftVerdict verdict)
    {
        var baseline = await new Making(TestModels.Plus(1)).OfAsync("train.csv", Csv("x", Enumerable.Range(0, 1000).Select(i => Row(i))));
        baseline.Inputs[0].Ratios.Should().HaveCount(13);

        var report = await new Checking(baseline) { MinSamples = 1 }.OfAsync(null, "new.csv", Csv("x", Enumerable.Repeat("2", rows)));

        report.Features.Should().ContainSingle().Which.Verdict.Should().Be(verdict);
    }

    [TestCase(0.05, 0.3, DriftVerdict.Stable)]
    [TestCase(0.15, 0.3, DriftVerdict.Moderate)]
    [TestCase(0.25, 0.3, DriftVerdict.Moderate)]
    [TestCase(0.25, 0.2, DriftVerdict.Drifted)]
    [TestCase(0.05, 0.04, DriftVerdict.Drifted)]
    public async Task The_threshold_parts_moderate_from_drifted(double psi, double threshold, DriftVerdict verdict)
    {
        var half = SampleBaselines.Numeric("x", 0, 1, 2) with { Ratios = [0, 0.5, 0.5, 0, 0], Datatype = Datatype.FP32 };
        var upper = Enumerable.Range(5000, 5000).First(count => DriftScores.Psi([.. half.Ratios], [0, 10_000 - count, count, 0, 0]) >= psi);

        var report = await new Checking(SampleBaselines.Of([half])) { Threshold = threshold }.OfAsync(null, "new.csv", Csv("x", Enumerable.Range(0, 10_000).Select(i => i < upper ? "1.5" : "0.5")));

        var feature = report.Features.Should().ContainSingle().Subject;
        feature.Psi.Should().BeApproximately(psi, 0.001);
        feature.Verdict.Should().Be(verdict);
    }

    [TestCase(null, DriftVerdict.Drifted)]
    [TestCase(24, DriftVerdict.Drifted)]
    [TestCase(23, DriftVerdict.WindowTooShort)]
    public async Task Of_less_time_than_a_feature_comes_round_in_nothing_is_said(int? hours, DriftVerdict verdict)
    {
        var baseline = await new Making(TestModels.Plus(1)) { Seasonality = new Dictionary<string, string> { ["x"] = "24h" } }.OfAsync("train.csv", "x\n1\n");

        var report = await new Checking(baseline) { Window = hours is { } given ? TimeSpan.FromHours(given) : null }.OfAsync(TestModels.Plus(1), "new.csv", Csv("x", Enumerable.Repeat("2", 600)));

        report.Features.Single(feature => feature.Name == "x").Verdict.Should().Be(verdict);
        report.Features.Single(feature => feature.Name == "output.y").Verdict.Should().Be(DriftVerdict.Drifted);
        report.Features[^1].IsJudged.Should().Be(verdict == DriftVerdict.Drifted);
    }

    [Test]
    public async Task A_column_without_any_number_has_no_figure_of_numbers()
    {
        var baseline = await new Making(TestModels.Plus(1)).OfAsync("train.csv", "x\n1\n");

        var report = await new Checking(baseline).OfAsync(null, "new.jsonl", string.Join('\n', Enumerable.Repeat("{\"x\":null}", 600)));

        report.Features.Should().ContainSingle().Which.Should().BeEquivalentTo(new { MissingShare = 1.0, KolmogorovSmirnov = (double?)null, Verdict = DriftVerdict.Drifted });
    }

    private static IEnumerable<string> Drifted(DriftReport report) => report.Features.Where(feature => feature.Verdict == DriftVerdict.Drifted).Select(feature => feature.Name);

    private static string Row(params object[] cells) => string.Join(',', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture)));

    private static string Csv(string header, IEnumerable<string> rows) => $"{header}\n{string.Join('\n', rows)}\n";
}
