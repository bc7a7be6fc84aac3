using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class FigurePlanTests
{
    [Test]
    public void Columns_keep_their_names_and_words_and_flags_are_categories()
    {
        FigurePlan.OfColumns(Spec(Datatype.Int64), ["a", "b"]).Should().Equal(new Figure("a", FeatureKind.Numeric), new Figure("b", FeatureKind.Numeric, Column: 1));
        FigurePlan.OfColumns(Spec(Datatype.Bool), ["a"]).Should().Equal(new Figure("a", FeatureKind.Categorical));
        FigurePlan.OfColumns(Spec(Datatype.Bytes), ["a"]).Should().Equal(new Figure("a", FeatureKind.Categorical));
    }

    [TestCase(Datatype.FP32, new long[] { }, "x")]
    [TestCase(Datatype.FP32, new long[] { 1, 1 }, "x")]
    [TestCase(Datatype.FP32, new long[] { 2 }, "x[0] x[1]")]
    [TestCase(Datatype.Bytes, new long[] { 2 }, "x[0] x[1]")]
    [TestCase(Datatype.FP32, new long[] { 17 }, "x.norm x.cosine")]
    [TestCase(Datatype.FP32, new long[] { 4, 8 }, "x.norm x.cosine")]
    [TestCase(Datatype.FP32, new long[] { 65_537 }, "x.norm")]
    [TestCase(Datatype.Bytes, new long[] { 17 }, "")]
    [TestCase(Datatype.Bool, new long[] { 17 }, "")]
    [TestCase(Datatype.UInt8, new long[] { 2, 4, 4 }, "x[0].mean x[0].deviation x[1].mean x[1].deviation")]
    [TestCase(Datatype.FP32, new long[] { 224, 224, 1 }, "x.norm x.cosine")]
    public void Inputs_are_watched_by_the_shape_of_their_rows(object datatype, long[] rowShape, string names) =>
        Names(FigurePlan.Of(Spec((Datatype)datatype), rowShape)).Should().Be(names);

    [TestCase(Datatype.FP32, new long[] { }, false, "x:Numeric")]
    [TestCase(Datatype.Int64, new long[] { }, false, "x:Categorical")]
    [TestCase(Datatype.Bytes, new long[] { 1 }, false, "x:Categorical")]
    [TestCase(Datatype.FP32, new long[] { 2 }, false, "x.class:Categorical x.confidence:Numeric")]
    [TestCase(Datatype.FP32, new long[] { 16 }, false, "x.class:Categorical x.confidence:Numeric")]
    [TestCase(Datatype.FP32, new long[] { 100 }, true, "x.class:Categorical x.confidence:Numeric")]
    [TestCase(Datatype.FP32, new long[] { 100 }, false, "x.norm:Numeric x.cosine:Numeric")]
    [TestCase(Datatype.FP32, new long[] { 101 }, true, "x.norm:Numeric x.cosine:Numeric")]
    [TestCase(Datatype.Int64, new long[] { 2 }, false, "x[0]:Numeric x[1]:Numeric")]
    [TestCase(Datatype.FP32, new long[] { 2, 2 }, false, "x[0]:Numeric x[1]:Numeric x[2]:Numeric x[3]:Numeric")]
    public void Outputs_are_labels_scores_or_numbers(object datatype, long[] rowShape, bool addsUpToOne, string figures) =>
        string.Join(' ', FigurePlan.OfOutput(Spec((Datatype)datatype), rowShape, addsUpToOne).Select(figure => $"{figure.Name}:{figure.Kind}")).Should().Be(figures);

    [Test]
    public void Wide_outputs_whose_columns_have_names_are_scores() =>
        Names(FigurePlan.OfOutput(Spec(Datatype.FP32).WithColumns([.. Enumerable.Range(0, 20).Select(i => $"c{i}")]), [20], addsUpToOne: false)).Should().Be("x.class x.confidence");

    private static string Names(IEnumerable<Figure> figures) => string.Join(' ', figures.Select(figure => figure.Name));

    private static TensorSpec Spec(Datatype datatype) => new("x", datatype, [-1]);
}
