using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Batching;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class BaselineBindingTests
{
    private static readonly BaselineFeature Number = SampleBaselines.Numeric("x", 0, 1);
    private static readonly BaselineFeature Word = SampleBaselines.Words("x", "1");

    private static readonly object[][] Wrong =
    [
        [OnnxType.Float, (long[])[-1, 3], Number with { Tensor = "z" }, "tensor: the model has no input 'z'; its inputs are 'x' (FP32, shape [-1,3])"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Column = 3 }, "column: is 3, counted from 0; a row of 'x' (FP32, shape [-1,3]) has 3 elements"],
        [OnnxType.Float, (long[])[-1], Number with { Column = 1 }, "column: is 1, counted from 0; a row of 'x' (FP32, shape [-1]) has 1 elements"],
        [OnnxType.Float, (long[])[-1, 3], Word, "kind: is categorical; value of 'x' (FP32, shape [-1,3]) is numeric"],
        [OnnxType.String, (long[])[-1], Number, "kind: is numeric; value of 'x' (BYTES, shape [-1]) is categorical"],
        [OnnxType.Int64, (long[])[-1], Word with { Categories = ["1", "de"] }, "categories: 'de' is no INT64, which 'x' (INT64, shape [-1]) holds"],
        [OnnxType.Bool, (long[])[-1], Word, "categories: '1' is no BOOL, which 'x' (BOOL, shape [-1]) holds: true and false"],
        [OnnxType.String, (long[])[-1], Number with { Measure = FeatureMeasure.TokenCount }, "measure: tokenCount is of texts that a tokenizer of model.yaml reads, which 'x' (BYTES, shape [-1]) is not"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Measure = FeatureMeasure.UnknownTokenShare }, "measure: unknownTokenShare is of texts that a tokenizer of model.yaml reads, which 'x' (FP32, shape [-1,3]) is not"],
        [OnnxType.String, (long[])[-1], Number with { Measure = FeatureMeasure.Norm }, "measure: norm is of numbers, which 'x' (BYTES, shape [-1]) does not hold"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Datatype = Datatype.FP64 }, "datatype: is FP64; the model has 'x' (FP32, shape [-1,3])"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Measure = FeatureMeasure.Norm, Column = 1 }, "column: is 1; norm is of the whole row, leave it out"],
        [OnnxType.Float, (long[])[-1, 3], Word with { Measure = FeatureMeasure.Confidence }, "kind: is categorical; confidence of 'x' (FP32, shape [-1,3]) is numeric"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Measure = FeatureMeasure.TopClass }, "kind: is numeric; topClass of 'x' (FP32, shape [-1,3]) is categorical"],
        [OnnxType.Float, (long[])[-1, 3], Word with { Measure = FeatureMeasure.TopClass, Categories = ["0", "3"] }, "categories: '3' is no place in a row of 'x' (FP32, shape [-1,3]), counted from 0"],
        [OnnxType.Float, (long[])[-1], Word with { Measure = FeatureMeasure.TopClass }, "measure: topClass is the largest of several elements; a row of 'x' (FP32, shape [-1]) has 1"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Measure = FeatureMeasure.CentroidCosine, Centroid = [1, 2] }, "centroid: has 2 numbers; a row of 'x' (FP32, shape [-1,3]) has 3"],
        [OnnxType.Float, (long[])[-1, 3], Number with { Measure = FeatureMeasure.ChannelMean }, "measure: channelMean is of images, channels and height and width behind the first axis, which 'x' (FP32, shape [-1,3]) does not hold"],
        [OnnxType.Float, (long[])[-1, 3, 2, 2], Number with { Measure = FeatureMeasure.ChannelDeviation, Column = 3 }, "column: is 3, counted from 0; a row of 'x' (FP32, shape [-1,3,2,2]) has 3 channels"],
    ];

    [TestCaseSource(nameof(Wrong))]
    public void What_does_not_fit_the_tensor_is_told(object type, long[] shape, object feature, string fault)
    {
        using var model = new LoadedModel(TestModels.Identity((OnnxType)type, shape));

        var bind = () => BaselineBinding.Bind(SampleBaselines.Of([(BaselineFeature)feature]), model.Session);

        bind.Should().Throw<ModelRejectedException>().WithMessage($"baseline.json is wrong; *\n  inputs[0].{fault}");
    }

    [Test]
    public void All_faults_are_told_at_once()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.Float, -1, 3));

        var bind = () => BaselineBinding.Bind(
            SampleBaselines.Of([Number, Word with { Name = "b", Column = 7 }], [Number with { Tensor = "x" }]), model.Session);

        bind.Should().Throw<ModelRejectedException>().WithMessage(
            "baseline.json has 3 faults; *\n  inputs[1].column: *\n  inputs[1].kind: *\n  outputs[0].tensor: the model has no output 'x'; its outputs are 'y' (FP32, shape [-1,3])");
    }

    [Test]
    public void What_the_model_leaves_open_is_not_held_against_the_baseline()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.Float, -1, -1));

        var plan = BaselineBinding.Bind(
            SampleBaselines.Of([Number with { Column = 70 }, Word with { Name = "top", Measure = FeatureMeasure.TopClass, Categories = ["70"] }]), model.Session);

        plan.Features.Should().HaveCount(2);
    }

    [Test]
    public void Bins_lie_one_behind_the_other_and_outputs_are_marked()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.Float, -1, 3));

        var plan = BaselineBinding.Bind(SampleBaselines.Of([Number], [SampleBaselines.Numeric("y", 0, 1, 2)]), model.Session);

        plan.Features.Select(feature => (feature.Name, feature.FirstCell, feature.Bins.Count)).Should().Equal(("x", 0, 4), ("output.y", 4, 5));
        plan.Counters.Count.Should().Be(9);
    }
}
