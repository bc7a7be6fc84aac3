using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Baselines;
using Slipway.ModelServer.Tests.Drift;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.DriftReports;

/// <summary>What cannot be compared, and what the user is told.</summary>
internal sealed class DriftFaultTests
{
    private static readonly BaselineFeature Number = SampleBaselines.Numeric("x", 0, 1) with { Datatype = Datatype.FP32 };

    [TestCase(true, "t.csv", "a,b\n", "has no rows; there is nothing to compare with the baseline")]
    [TestCase(false, "t.csv", "a,b\n", "has no rows; there is nothing to compare with the baseline")]
    [TestCase(true, "t.csv", "a,c\n1,2\n", "has no column 'b', which the baseline watches; its columns are a, c")]
    [TestCase(false, "t.csv", "a,c\n1,2\n", "has no column 'b', which the baseline watches; its columns are a, c")]
    [TestCase(true, "t.csv", "a,b\n1,2\n1,abc\n", "line 3: column 'b' holds 'abc', which is no number")]
    [TestCase(false, "t.csv", "a,b\n1,2\n1,abc\n", "line 3: column 'b' holds 'abc', which is no number")]
    [TestCase(false, "t.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":[2]}", "line 2: column 'b' holds an array of 1, which is no number")]
    [TestCase(true, "t.csv", "b,a\n1,2\n", "has 'b' where the baseline has 'a', input 1 of the model; put the columns in the order of the training data, and name those that are no inputs with --labels")]
    [TestCase(true, "t.csv", "a,id,b\n1,2,3\n", "has 3 columns (a, id, b) for the model's input 'x' (FP32, shape [-1,2]), which takes 2; name columns that are no inputs with --labels")]
    [TestCase(true, "t.txt", "a,b\n1,2\n", "the name tells no format; it must end in *")]
    public async Task What_is_wrong_with_the_data_is_told_in_a_sentence(bool withModel, string name, string content, string fault)
    {
        var baseline = await new Making(TestModels.Double(2)).OfAsync("train.csv", "a,b\n1,2\n");

        var check = () => new Checking(baseline).OfAsync(withModel ? TestModels.Double(2) : null, name, content);

        (await check.Should().ThrowAsync<BadDataException>()).WithMessage(fault);
    }

    [Test]
    public async Task A_column_too_few_for_an_open_row_is_told()
    {
        var model = TestModels.Identity(OnnxType.Float, -1, -1);
        var baseline = SampleBaselines.Of([Number with { Name = "a" }, Number with { Name = "b", Column = 2 }]);

        var check = () => new Checking(baseline).OfAsync(model, "t.csv", "a,b\n1,2\n");

        (await check.Should().ThrowAsync<BadDataException>()).WithMessage("has nothing where the baseline has 'b', input 3 of the model; *");
    }

    [Test]
    public async Task Arrays_that_are_not_there_are_told()
    {
        var baseline = SampleBaselines.Of([Number with { Name = "x.norm", Measure = FeatureMeasure.Norm }]);

        var check = () => new Checking(baseline).OfAsync(null, "t.csv", "a\n1\n");

        (await check.Should().ThrowAsync<BadDataException>()).WithMessage("has no column 'x' of arrays, of which the baseline watches 'x.norm'; its columns are a");
    }

    [Test]
    public async Task A_baseline_of_another_model_is_told()
    {
        var baseline = SampleBaselines.Of([Number with { Tensor = "z" }, Number with { Name = "n", Datatype = Datatype.FP64 }]);

        var check = () => new Checking(baseline).OfAsync(TestModels.Plus(1), "t.csv", "x\n1\n");

        (await check.Should().ThrowAsync<ModelRejectedException>()).WithMessage(
            "the baseline has 2 faults; write it with slipway-server baseline *\n  inputs[0].tensor: the model has no input 'z'; *\n  inputs[1].datatype: is FP64; the model has 'x' (FP32, shape [-1])");
    }

    [Test]
    public async Task A_baseline_without_datatypes_takes_the_model()
    {
        var baseline = SampleBaselines.Of([Number with { Datatype = null }]);

        var check = () => new Checking(baseline).OfAsync(null, "t.csv", "x\n1\n");

        (await check.Should().ThrowAsync<ModelRejectedException>()).WithMessage("the baseline is wrong; *inputs: say no datatype of 'x', without which no value has a bin; or name the model with --model");
        (await new Checking(baseline).OfAsync(TestModels.Plus(1), "t.csv", "x\n1\n")).Rows.Should().Be(1);
    }

    [Test]
    public async Task A_baseline_of_outputs_alone_takes_the_model()
    {
        var check = () => new Checking(SampleBaselines.Of([], [Number])).OfAsync(null, "t.csv", "x\n1\n");

        (await check.Should().ThrowAsync<ModelRejectedException>()).WithMessage("the baseline has no feature that could be told without the model; name it with --model.");
    }
}
