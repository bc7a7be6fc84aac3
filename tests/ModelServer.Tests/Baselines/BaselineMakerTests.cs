using System.Globalization;
using System.Text;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Tests.Baselines.Data;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Text;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class BaselineMakerTests
{
    [Test]
    public async Task Columns_labels_and_scores_are_measured_over_all_rows()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 5000).Select(_ => (A: (float)(random.NextDouble() * 10), B: random.Next(3))).ToList();
        var making = new Making(TestModels.Classifier()) { Labels = ["truth"] };

        var baseline = await making.OfAsync("train.csv", Csv("a,truth,b", rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.A},x,{row.B}"))));

        baseline.Rows.Should().Be(5000);
        baseline.Inputs.Select(feature => (feature.Name, feature.Tensor, feature.Measure, feature.Column)).Should().Equal(
            ("a", "x", FeatureMeasure.Value, 0), ("b", "x", FeatureMeasure.Value, 1));
        baseline.Outputs.Select(feature => (feature.Name, feature.Tensor, feature.Measure)).Should().Equal(
            ("label", "label", FeatureMeasure.Value),
            ("probabilities.class", "probabilities", FeatureMeasure.TopClass),
            ("probabilities.confidence", "probabilities", FeatureMeasure.Confidence));
        Making.Require(baseline.Inputs[0], [.. rows.Select(row => (double)row.A)]);
        Making.Require(baseline.Inputs[1], [.. rows.Select(row => (double)row.B)]);
        baseline.Inputs[1].Edges.Should().Equal([0, 0.5, 1, 2], "each of three common values has a bin of its own");
        var zeros = rows.Count(row => row.A >= row.B) / 5000.0;
        baseline.Outputs[0].Categories.Should().Equal("0", "1");
        baseline.Outputs[0].Ratios.Should().Equal([zeros, 1 - zeros, 0, 0], (one, other) => Math.Abs(one - other) < 1e-6);
        baseline.Outputs[1].Ratios.Should().Equal(baseline.Outputs[0].Ratios);
        // Decile by decile against the softmax in double precision, which the model's floats follow to some digits.
        var confidences = rows.Select(row => 1 / (1 + Math.Exp(-Math.Abs(row.A - row.B)))).Order().ToList();
        baseline.Outputs[2].Edges!.Should().Equal([.. Enumerable.Range(0, 11).Select(i => confidences[Math.Max(1, i * 500) - 1])], (one, other) => Math.Abs(one - other) < 1e-5);
        making.Notes.Should().BeEmpty();
        making.Told.Should().BeInAscendingOrder();
        making.Told[^1].Should().Be(1);
    }

    [Test]
    public async Task A_missing_number_is_not_a_number_to_the_model_and_counted()
    {
        var baseline = await new Making(TestModels.Double(2)).OfAsync("train.jsonl", "{\"a\":1,\"b\":null}\n{\"a\":1}\n{\"a\":1,\"b\":4}\n{\"a\":1,\"b\":4}\n");

        Making.Require(baseline.Inputs[0], [1, 1, 1, 1]);
        Making.Require(baseline.Inputs[1], [double.NaN, double.NaN, 4, 4]);
        RequireWords(baseline.Outputs[0], "y.class", ["1"], [0.5, 0, 0.5]);
    }

    [Test]
    public async Task Words_are_the_commonest_the_others_and_missing()
    {
        var words = Enumerable.Range(1, 25).SelectMany(i => Enumerable.Repeat($"w{i:D2}", i)).Concat(["", new string('x', 129), new string('x', 129)]).ToList();
        var making = new Making(TestModels.Identity(OnnxType.String, -1));

        var baseline = await making.OfAsync("train.csv", Csv("t", words));

        var feature = baseline.Inputs.Should().ContainSingle().Subject;
        feature.Kind.Should().Be(FeatureKind.Categorical);
        feature.Categories.Should().Equal(Enumerable.Range(0, 19).Select(i => $"w{25 - i:D2}"));
        double[] counts = [.. Enumerable.Range(0, 19).Select(i => 25 - i), 6 + 5 + 4 + 3 + 2 + 1 + 2, 1];
        feature.Ratios.Should().Equal(counts.Select(count => count / words.Count), (one, other) => Math.Abs(one - other) < 1e-6);
        baseline.Outputs.Single().Should().BeEquivalentTo(new { Name = "y", Tensor = "y", feature.Kind, feature.Categories, feature.Ratios });
    }

    [Test]
    public async Task Flags_are_words_and_whole_numbers_are_numbers()
    {
        var baseline = await new Making(TestModels.Identities(OnnxType.Bool, OnnxType.Int64)).OfAsync("train.csv", Csv("x1,x0", ["1,true", "2,false", "3,true", "3,True"]));

        RequireWords(baseline.Inputs[0], "x0", ["true", "false"], [0.75, 0.25, 0, 0]);
        Making.Require(baseline.Inputs[1], [1, 2, 3, 3]);
        RequireWords(baseline.Outputs[1], "y1", ["3", "1", "2"], [0.5, 0.25, 0.25, 0, 0]);
    }

    [Test]
    public async Task Texts_are_counted_in_tokens()
    {
        var making = new Making(TestModels.TokenSums())
        {
            Beside = new Dictionary<string, string> { ["model.yaml"] = "tokenizer: {type: WordPiece, vocabulary: vocab.txt, maxLength: 4}", ["vocab.txt"] = Vocabularies.WordPiece },
        };

        var baseline = await making.OfAsync("train.csv", Csv("id,review", ["1,the cat sat", "2,the dog", "3,\"the cat sat, the cat!\"", "4,"]));

        baseline.Inputs.Select(feature => (feature.Name, feature.Tensor, feature.Measure)).Should().Equal(
            ("text.tokens", "text", FeatureMeasure.TokenCount), ("text.unknown", "text", FeatureMeasure.UnknownTokenShare));
        Making.Require(baseline.Inputs[0], [3, 2, 7, 0]);
        Making.Require(baseline.Inputs[1], [0, 0.5, 0, double.NaN]);
        baseline.Outputs.Select(feature => feature.Name).Should().StartWith(["total.class", "total.confidence"]);
    }

    [Test]
    public async Task Outputs_whose_rows_change_their_shape_are_left_out()
    {
        var making = new Making(TestModels.TokenSums())
        {
            Beside = new Dictionary<string, string> { ["model.yaml"] = "tokenizer: {type: WordPiece, vocabulary: vocab.txt}", ["vocab.txt"] = Vocabularies.WordPiece },
        };
        // Texts run 32 at a time and are filled up to the longest of them.
        var baseline = await making.OfAsync("train.csv", Csv("review", [.. Enumerable.Repeat("cat", 32), "the cat sat"]));

        baseline.Outputs.Select(feature => feature.Name).Should().Equal("total.class", "total.confidence");
        making.Notes.Should().Equal("'ids' (INT64, shape [-1,-1]) is left out: its rows are of different shapes");
    }

    [Test]
    public async Task Outputs_without_a_row_for_each_are_left_out()
    {
        var making = new Making(TestModels.Total());

        var baseline = await making.OfAsync("train.csv", Csv("x", ["1", "2"]));

        baseline.Outputs.Should().BeEmpty();
        making.Notes.Should().Equal("'y' (FP32, shape [1]) is left out: it does not have one row for each row of the inputs");
    }

    [Test]
    public async Task Long_arrays_are_watched_by_norm_and_cosine_to_their_mean()
    {
        var random = new Random(9);
        var rows = Enumerable.Range(0, 300).Select(i => Enumerable.Range(0, 32).Select(_ => i == 0 ? 0 : (float)random.NextDouble()).ToArray()).ToList();
        var lines = rows.Select(row => $"{{\"x\":[{string.Join(',', row.Select(element => element.ToString("R", CultureInfo.InvariantCulture)))}]}}");

        var baseline = await new Making(TestModels.Identity(OnnxType.Float, -1, 32)).OfAsync("train.jsonl", string.Join('\n', lines));

        double[] mean = [.. Enumerable.Range(0, 32).Select(i => (double)(float)rows.Average(row => (double)row[i]))];
        baseline.Inputs.Select(feature => feature.Name).Should().Equal("x.norm", "x.cosine");
        baseline.Inputs[1].Centroid!.Select(element => (double)element).Should().Equal(mean, (one, other) => Math.Abs(one - other) < 1e-7);
        var norms = rows.Select(row => Math.Sqrt(row.Sum(element => (double)element * element))).Order().ToList();
        baseline.Inputs[0].Edges.Should().Equal([.. Enumerable.Range(0, 11).Select(i => norms[Math.Max(1, i * 30) - 1])], (one, other) => Math.Abs(one - other) < 1e-9);
        baseline.Inputs[1].Ratios[^1].Should().BeApproximately(1 / 300.0, 1e-6, "a row of zeros has no direction");
        var cosines = rows.Skip(1).Select(row => row.Zip(mean, (one, other) => one * other).Sum() / Math.Sqrt(row.Sum(element => (double)element * element) * mean.Sum(element => element * element))).Order().ToList();
        baseline.Inputs[1].Edges![0].Should().BeApproximately(cosines[0], 1e-9);
        baseline.Inputs[1].Edges![^1].Should().BeApproximately(cosines[^1], 1e-9);
        baseline.Outputs.Select(feature => feature.Name).Should().Equal("y.norm", "y.cosine");
    }

    [Test]
    public async Task Pictures_are_watched_channel_by_channel()
    {
        // One channel of 1 and 3, the other constant.
        var baseline = await new Making(TestModels.Identity(OnnxType.Float, -1, 2, 2, 2)).OfAsync("train.jsonl", "{\"x\":[[[1,3],[3,1]],[[5,5],[5,5]]]}\n{\"x\":[[[1,1],[1,1]],[[5,5],[5,5]]]}");

        baseline.Inputs.Select(feature => (feature.Name, feature.Measure, feature.Column)).Should().Equal(
            ("x[0].mean", FeatureMeasure.ChannelMean, 0), ("x[0].deviation", FeatureMeasure.ChannelDeviation, 0),
            ("x[1].mean", FeatureMeasure.ChannelMean, 1), ("x[1].deviation", FeatureMeasure.ChannelDeviation, 1));
        Making.Require(baseline.Inputs[0], [2, 1]);
        Making.Require(baseline.Inputs[1], [1, 0]);
        Making.Require(baseline.Inputs[2], [5, 5]);
        Making.Require(baseline.Inputs[3], [0, 0]);
    }

    [Test]
    public async Task Maps_are_watched_as_the_scores_that_they_are_served_as()
    {
        var baseline = await new Making(TestModels.TextZipMap()).OfAsync("train.csv", Csv("a,b", ["1,2", "2,1", "3,1"]));

        // Columns are in the order of the keys: fraud, which is the second score, and ok.
        RequireWords(baseline.Outputs[0], "probabilities.class", ["1", "0"], [0.666667, 0.333333, 0, 0]);
    }

    [Test]
    public async Task A_model_of_one_row_at_a_time_is_run_for_each()
    {
        var baseline = await new Making(TestModels.Identity(OnnxType.Float, 1, 2)).OfAsync("train.csv", Csv("a,b", ["1,2", "2,1", "3,1"]));

        baseline.Rows.Should().Be(3);
        Making.Require(baseline.Inputs[0], [1, 2, 3]);
    }

    [Test]
    public async Task Features_are_picked_by_their_names_in_metrics()
    {
        var making = new Making(TestModels.Double(150)) { Features = ["c7", "output.y.norm"] };

        var baseline = await making.OfAsync("train.csv", Csv(string.Join(',', Enumerable.Range(0, 150).Select(i => $"c{i}")), [string.Join(',', Enumerable.Range(0, 150))]));

        baseline.Inputs.Should().ContainSingle().Which.Should().Match<BaselineFeature>(feature => feature.Name == "c7" && feature.Column == 7 && feature.Edges!.Single() == 7);
        baseline.Outputs.Should().ContainSingle().Which.Name.Should().Be("y.norm");
    }

    [Test]
    public async Task A_feature_keeps_the_period_in_which_it_comes_round()
    {
        var making = new Making(TestModels.Double(2)) { Seasonality = new Dictionary<string, string> { ["hour"] = "24h", ["output.y.class"] = "168h" } };

        var baseline = await making.OfAsync("train.csv", Csv("hour,b", ["1,2"]));

        baseline.Inputs.Select(feature => feature.Seasonality).Should().Equal("24h", null);
        baseline.Outputs.Select(feature => feature.Seasonality).Should().Equal("168h", null);
    }

    [Test]
    public async Task A_figure_that_no_row_has_is_left_out()
    {
        var making = new Making(TestModels.Double(2));

        var baseline = await making.OfAsync("train.csv", Csv("a,b", ["1,", "2,"]));

        baseline.Inputs.Select(feature => feature.Name).Should().Equal("a");
        making.Notes.Should().Equal("b is left out: no row has a value of it", "y.class is left out: no row has a value of it", "y.confidence is left out: no row has a value of it");
    }

    [Test]
    public async Task Shares_are_exact_where_edges_are_of_a_sample()
    {
        var random = new Random(11);
        var numbers = Enumerable.Range(0, 250_000).Select(_ => (float)random.NextDouble()).ToList();
        using var file = new TrainingFile("train.csv", Csv("x", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));

        var feature = (await new Making(TestModels.Plus(1)).OfAsync(file)).Inputs.Single();

        var edges = feature.Edges!;
        edges.Should().HaveCount(11);
        (edges[0], edges[^1]).Should().Be(((double)numbers.Min(), (double)numbers.Max()));
        feature.Ratios[0].Should().Be(0);
        feature.Ratios.Skip(1).Take(10).Should().Equal(
            Enumerable.Range(0, 10).Select(i => numbers.Count(number => number <= edges[i + 1] && (i == 0 || number > edges[i])) / 250_000.0), (one, other) => Math.Abs(one - other) < 1e-6);
    }

    private static void RequireWords(BaselineFeature feature, string name, string[] categories, double[] ratios)
    {
        feature.Name.Should().Be(name);
        feature.Kind.Should().Be(FeatureKind.Categorical);
        feature.Categories.Should().Equal(categories);
        feature.Ratios.Should().Equal(ratios);
    }

    private static string Csv(string header, IEnumerable<string> rows) => rows.Aggregate(new StringBuilder(header).Append('\n'), (text, row) => text.Append(row).Append('\n')).ToString();
}
