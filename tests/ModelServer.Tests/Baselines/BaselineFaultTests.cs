using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Baselines;

/// <summary>What a baseline cannot be made of, and what the user is told.</summary>
internal sealed class BaselineFaultTests
{
    private static readonly TestCaseData[] Faults =
    [
        Case(TestModels.Double(2), "t.csv", "a,b\n", "has no rows; a baseline is made of the rows that the model was trained on"),
        Case(TestModels.Double(2), "t.csv", "a,b\n1,2\n1,abc\n", "line 3: column 'b' holds 'abc', which is no number"),
        Case(TestModels.Double(2), "t.csv", "a,b\n1,2\n1,2,3\n", "line 3 has 3 fields, the first line names 2 columns"),
        Case(TestModels.Double(2), "t.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":\"2\"}", "line 2: column 'b' holds '2', which is no number"),
        Case(TestModels.Double(2), "t.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":[2]}", "line 2: column 'b' holds an array of 1, which is no number"),
        Case(TestModels.Gather(), "t.csv", "index\n1\n\n", "line 3: column 'index' holds nothing, and INT64 has no form for a missing value"),
        Case(TestModels.Gather(), "t.csv", "index\n1\n2.5\n", "line 3: column 'index' holds '2.5', which is no whole number"),
        Case(TestModels.Gather(), "t.csv", "index\n1\n10\n", "line 2 to line 3: the model failed: *"),
        Case(TestModels.Identity(OnnxType.String, -1), "t.jsonl", "{\"x\":\"a\"}\n{\"x\":5}", "line 2: column 'x' holds 5, which is no text"),
        Case(TestModels.Double(3), "t.jsonl", "{\"x\":[1,2]}", "line 1: column 'x' holds an array of 2, where input 'x' (FP32, shape [-1,3]) takes 3"),
        Case(TestModels.Double(3), "t.jsonl", "{\"x\":[1,2,3]}\n{\"x\":null}", "line 2: column 'x' holds nothing, where input 'x' (FP32, shape [-1,3]) takes an array"),
        Case(TestModels.Identity(OnnxType.Float, -1, -1), "t.jsonl", "{\"x\":[1,2,3]}\n{\"x\":[1,2]}", "line 2: column 'x' holds an array of 2, where input 'x' (FP32, shape [-1,-1]) takes 3, as in the first row"),
        Case(TestModels.Identity(OnnxType.Float, -1, 4, -1), "t.jsonl", "{\"x\":[1,2,3]}", "line 1: column 'x' holds an array of 3, where input 'x' (FP32, shape [-1,4,-1]) takes a multiple of 4"),
        Case(TestModels.Identity(OnnxType.Float, -1, 2), "t.csv", "output.a,b\n1,2\n", "gives a feature 'output.a', whose name begins as those of outputs do; give the column another name"),
        Case(TestModels.Double(2), "t.csv", $"{new string('n', 129)},b\n1,2\n", "gives a feature 'nnn*…' of 129 characters; at most 128 are taken: give the column a shorter name"),
        Case(TestModels.Double(101), "t.csv", $"{string.Join(',', Enumerable.Range(0, 101).Select(i => $"c{i}"))}\n{string.Join(',', Enumerable.Range(0, 101))}\n", "gives 103 features, of which a baseline holds 100; pick them with --features, such as --features c0,c1,c2"),
        Case(TestModels.Plus(1), "t.csv", "x\n\n", "gives no feature that could be watched: x is left out: no row has a value of it; y is left out: no row has a value of it"),
    ];

    [TestCaseSource(nameof(Faults))]
    public async Task What_is_wrong_is_told_in_a_sentence(byte[] model, string name, string content, string fault)
    {
        var make = () => new Making(model).OfAsync(name, content);

        (await make.Should().ThrowAsync<BadDataException>()).WithMessage(fault);
    }

    [Test]
    public async Task A_feature_that_is_not_there_cannot_be_picked()
    {
        var make = () => new Making(TestModels.Double(2)) { Features = ["c"] }.OfAsync("t.csv", "a,b\n1,2\n");

        (await make.Should().ThrowAsync<BadDataException>()).WithMessage("gives no feature 'c', which --features names; it gives a, b, output.y.class, output.y.confidence");
    }

    [Test]
    public async Task A_feature_that_is_not_kept_has_no_period()
    {
        var make = () => new Making(TestModels.Double(2)) { Features = ["a"], Seasonality = new Dictionary<string, string> { ["b"] = "24h" } }.OfAsync("t.csv", "a,b\n1,2\n");

        (await make.Should().ThrowAsync<BadDataException>()).WithMessage("gives no feature 'b', which --seasonality names; *");
    }

    [Test]
    public async Task Two_features_of_one_name_are_told()
    {
        var model = Onnx.Model(
            [Onnx.Node("Identity", ["a"], ["y"]), Onnx.Node("Identity", ["a[0]"], ["z"])],
            [Onnx.Value("a", OnnxType.Float, -1, 2), Onnx.Value("a[0]", OnnxType.Float, -1)],
            [Onnx.Value("y", OnnxType.Float, -1, 2), Onnx.Value("z", OnnxType.Float, -1)]);

        var make = () => new Making(model).OfAsync("t.jsonl", "{\"a\":[1,2],\"a[0]\":4}");

        (await make.Should().ThrowAsync<BadDataException>()).WithMessage("gives two features of the name 'a[0]'; give the column another name");
    }

    private static TestCaseData Case(byte[] model, string name, string content, string fault) => new TestCaseData(model, name, content, fault).SetArgDisplayNames(fault);
}
