namespace Slipway.ModelServer.Tests.Models;

/// <summary>Small real ONNX models, built in memory.</summary>
internal static class TestModels
{
    /// <summary>y = 2x, FP32 [-1,<paramref name="width"/>].</summary>
    public static byte[] Double(int width = 3) => Onnx.Model(
        [Onnx.Node("Add", ["x", "x"], ["y"])],
        [Onnx.Value("x", OnnxType.Float, -1, width)],
        [Onnx.Value("y", OnnxType.Float, -1, width)]);

    /// <summary>y = x + <paramref name="version"/>, FP32 [-1]: tells which version answered.</summary>
    public static byte[] Plus(float version) => Onnx.Model(
        [Onnx.Node("Add", ["x", "version"], ["y"])],
        [Onnx.Value("x", OnnxType.Float, -1)],
        [Onnx.Value("y", OnnxType.Float, -1)],
        [Onnx.Floats("version", [1], version)]);

    /// <summary>Like <see cref="Plus"/>, with so many weights that a copy of them left behind is seen from outside.</summary>
    public static byte[] HeavyPlus(float version, int megabytes) => Onnx.Model(
        [
            Onnx.Node("ReduceSum", ["weights"], ["sum"], Onnx.IntAttribute("keepdims", 0)),
            Onnx.Node("Mul", ["sum", "x"], ["scaled"]),
            Onnx.Node("Mul", ["scaled", "zero"], ["nothing"]),
            Onnx.Node("Add", ["x", "nothing"], ["same"]),
            Onnx.Node("Add", ["same", "version"], ["y"]),
        ],
        [Onnx.Value("x", OnnxType.Float, -1)],
        [Onnx.Value("y", OnnxType.Float, -1)],
        [
            Onnx.Raw("weights", OnnxType.Float, [megabytes, 262_144], new byte[megabytes << 20]),
            Onnx.Floats("zero", [1], 0),
            Onnx.Floats("version", [1], version),
        ]);

    /// <summary>y = x of any type and shape.</summary>
    public static byte[] Identity(OnnxType type, params long[] shape) => Onnx.Model(
        [Onnx.Node("Identity", ["x"], ["y"])], [Onnx.Value("x", type, shape)], [Onnx.Value("y", type, shape)]);

    /// <summary>sum = a + b, FP32 [-1,2].</summary>
    public static byte[] Sum() => Onnx.Model(
        [Onnx.Node("Add", ["a", "b"], ["sum"])],
        [Onnx.Value("a", OnnxType.Float, -1, 2), Onnx.Value("b", OnnxType.Float, -1, 2)],
        [Onnx.Value("sum", OnnxType.Float, -1, 2)]);

    /// <summary>ya = a, FP32 [-1,2], and yb = b, INT64 [-1]; the rows of the one have nothing to do with those of the other.</summary>
    public static byte[] TwoTypes() => Onnx.Model(
        [Onnx.Node("Identity", ["a"], ["ya"]), Onnx.Node("Identity", ["b"], ["yb"])],
        [Onnx.Value("a", OnnxType.Float, -1, 2), Onnx.Value("b", OnnxType.Int64, -1)],
        [Onnx.Value("ya", OnnxType.Float, -1, 2), Onnx.Value("yb", OnnxType.Int64, -1)]);

    /// <summary>y = ln x, FP32 [-1]: gives NaN and infinities.</summary>
    public static byte[] Logarithm() => Onnx.Model(
        [Onnx.Node("Log", ["x"], ["y"])], [Onnx.Value("x", OnnxType.Float, -1)], [Onnx.Value("y", OnnxType.Float, -1)]);

    /// <summary>Label and probabilities of two features, as a scikit-learn classifier gives them.</summary>
    public static byte[] Classifier() => Onnx.Model(
        [
            Onnx.Node("Softmax", ["x"], ["probabilities"], Onnx.IntAttribute("axis", 1)),
            Onnx.Node("ArgMax", ["x"], ["label"], Onnx.IntAttribute("axis", 1), Onnx.IntAttribute("keepdims", 0)),
        ],
        [Onnx.Value("x", OnnxType.Float, -1, 2)],
        [Onnx.Value("label", OnnxType.Int64, -1), Onnx.Value("probabilities", OnnxType.Float, -1, 2)]);

    /// <summary>y = x in half the precision, FP32 [-1] to FP16.</summary>
    public static byte[] Halved() => Onnx.Model(
        [Onnx.Node("Cast", ["x"], ["y"], Onnx.IntAttribute("to", (long)OnnxType.Float16))],
        [Onnx.Value("x", OnnxType.Float, -1)],
        [Onnx.Value("y", OnnxType.Float16, -1)]);

    /// <summary>y<i>i</i> = x<i>i</i> for one input [-1] of each type.</summary>
    public static byte[] Identities(params OnnxType[] types) => Onnx.Model(
        types.Select((_, i) => Onnx.Node("Identity", [$"x{i}"], [$"y{i}"])),
        types.Select((type, i) => Onnx.Value($"x{i}", type, -1)),
        types.Select((type, i) => Onnx.Value($"y{i}", type, -1)));

    /// <summary>Probabilities of two features as maps with text keys, out of order, as a scikit-learn pipeline is exported by default; x FP32 [-1,2].</summary>
    public static byte[] TextZipMap() => Onnx.Model(
        [
            Onnx.Node("Softmax", ["x"], ["scores"], Onnx.IntAttribute("axis", 1)),
            Onnx.ForeignNode(Onnx.MachineLearning, "ZipMap", ["scores"], ["probabilities"], Onnx.StringsAttribute("classlabels_strings", "ok", "fraud")),
        ],
        [Onnx.Value("x", OnnxType.Float, -1, 2)],
        [Onnx.MapsValue("probabilities", OnnxType.String)],
        foreign: true);

    /// <summary>The features themselves as maps with whole keys 10, 9 and -1; x FP32 [-1,3].</summary>
    public static byte[] NumberZipMap() => Onnx.Model(
        [Onnx.ForeignNode(Onnx.MachineLearning, "ZipMap", ["x"], ["y"], Onnx.IntsAttribute("classlabels_int64s", 10, 9, -1))],
        [Onnx.Value("x", OnnxType.Float, -1, 3)],
        [Onnx.MapsValue("y", OnnxType.Int64)],
        foreign: true);

    /// <summary>A ZipMap with keys a and b inside a function of the model's own; <paramref name="width"/> −1 leaves the number of features open.</summary>
    public static byte[] HiddenZipMap(long width) => Onnx.Model(
        [Onnx.ForeignNode(Onnx.Local, "Wrapped", ["x"], ["y"])],
        [Onnx.Value("x", OnnxType.Float, -1, width)],
        [Onnx.MapsValue("y", OnnxType.String)],
        foreign: true,
        functions:
        [
            Onnx.Function(
                "Wrapped", ["in"], ["out"],
                Onnx.ForeignNode(Onnx.MachineLearning, "ZipMap", ["in"], ["out"], Onnx.StringsAttribute("classlabels_strings", "b", "a"))),
        ]);

    /// <summary>No input; gives the scalar 2.5 and an empty FP32 [0,3].</summary>
    public static byte[] Constants() => Onnx.Model(
        [
            Onnx.Node("Constant", [], ["scalar"], Onnx.TensorAttribute("value", Onnx.Floats("v", [], 2.5f))),
            Onnx.Node("Constant", [], ["empty"], Onnx.TensorAttribute("value", Onnx.Floats("v", [0, 3]))),
        ],
        [],
        [Onnx.Value("scalar", OnnxType.Float), Onnx.Value("empty", OnnxType.Float, 0, 3)]);

    /// <summary>A running sum that the client carries: y = state + x, next = y; x and state FP32 [-1,2], with rate as a scalar that scales x.</summary>
    public static byte[] Stateful() => Onnx.Model(
        [Onnx.Node("Mul", ["x", "rate"], ["scaled"]), Onnx.Node("Add", ["scaled", "state"], ["y"]), Onnx.Node("Identity", ["y"], ["next"])],
        [Onnx.Value("x", OnnxType.Float, -1, 2), Onnx.Value("state", OnnxType.Float, -1, 2), Onnx.Value("rate", OnnxType.Float)],
        [Onnx.Value("y", OnnxType.Float, -1, 2), Onnx.Value("next", OnnxType.Float, -1, 2)]);

    /// <summary>
    /// Reads tokens: ids, mask and types INT64 [-1,-1] → total FP32 [-1,3] of the kept ids, of the mask and of the types, and the ids themselves.
    /// </summary>
    public static byte[] TokenSums(OnnxType type = OnnxType.Int64, bool withTypes = true, long length = -1)
    {
        string[] sums = withTypes ? ["kept", "attention_mask", "token_type_ids"] : ["kept", "attention_mask"];
        string[] inputs = withTypes ? ["input_ids", "attention_mask", "token_type_ids"] : ["input_ids", "attention_mask"];
        return Onnx.Model(
            [
                Onnx.Node("Mul", ["input_ids", "attention_mask"], ["kept"]),
                .. sums.SelectMany((name, i) => new[]
                {
                    Onnx.Node("Cast", [name], [$"f{i}"], Onnx.IntAttribute("to", (long)OnnxType.Float)),
                    Onnx.Node("ReduceSum", [$"f{i}", "axis"], [$"s{i}"], Onnx.IntAttribute("keepdims", 1)),
                }),
                Onnx.Node("Concat", [.. sums.Select((_, i) => $"s{i}")], ["total"], Onnx.IntAttribute("axis", 1)),
                Onnx.Node("Identity", ["input_ids"], ["ids"]),
            ],
            inputs.Select(name => Onnx.Value(name, type, -1, length)),
            [Onnx.Value("total", OnnxType.Float, -1, sums.Length), Onnx.Value("ids", type, -1, length)],
            [Onnx.Longs("axis", [1], 1)]);
    }

    /// <summary>Picks of ten floats by index; an index of 10 or more makes the run fail.</summary>
    public static byte[] Gather() => Onnx.Model(
        [Onnx.Node("Gather", ["table", "index"], ["y"])],
        [Onnx.Value("index", OnnxType.Int64, -1)],
        [Onnx.Value("y", OnnxType.Float, -1)],
        [Onnx.Floats("table", [10], [.. Enumerable.Range(0, 10).Select(i => (float)i)])]);

    /// <summary>The sum over all rows: one row, however many come in, which the model does not say.</summary>
    public static byte[] Total() => Onnx.Model(
        [Onnx.Node("ReduceSum", ["x"], ["y"])], [Onnx.Value("x", OnnxType.Float, -1)], [Onnx.Value("y", OnnxType.Float, -1)]);

    /// <summary>Centres its rows on their mean: rows run together come out differently.</summary>
    public static byte[] Centred() => Onnx.Model(
        [
            Onnx.Node("ReduceMean", ["x"], ["mean"]),
            Onnx.Node("Sub", ["x", "mean"], ["y"]),
        ],
        [Onnx.Value("x", OnnxType.Float, -1)],
        [Onnx.Value("y", OnnxType.Float, -1)]);

    /// <summary>Takes rows of six numbers as two by three, and refuses any other: made-up rows are one number wide.</summary>
    public static byte[] Picky() => Onnx.Model(
        [Onnx.Node("Reshape", ["x", "shape"], ["y"])],
        [Onnx.Value("x", OnnxType.Float, -1, -1)],
        [Onnx.Value("y", OnnxType.Float, 2, 3)],
        [Onnx.Longs("shape", [2], 2, 3)]);

    /// <summary>An output that is a sequence of tensors.</summary>
    public static byte[] Sequence() => Onnx.Model(
        [Onnx.Node("SequenceConstruct", ["x", "x"], ["y"])],
        [Onnx.Value("x", OnnxType.Float, -1)],
        [Onnx.SequenceValue("y", OnnxType.Float, -1)]);

    /// <summary>y = x + w, with w in another file.</summary>
    public static byte[] ExternalWeights(string location) => Onnx.Model(
        [Onnx.Node("Add", ["x", "w"], ["y"])],
        [Onnx.Value("x", OnnxType.Float, 2)],
        [Onnx.Value("y", OnnxType.Float, 2)],
        [Onnx.ExternalFloats("w", [2], location)]);

    /// <summary>y = x of INT64 [1], counted up from 0 one by one: how long a run takes, the request chooses. A warm-up's zero takes no time.</summary>
    public static byte[] Counting() => Loop("x", "zero");

    /// <summary>y = x of INT64 [1] and as much as it can be counted up: no run ends by itself.</summary>
    public static byte[] Endless() => Loop("most", "x");

    private static byte[] Loop(string turns, string start) => Onnx.Model(
        [
            Onnx.Node("Loop", [turns, "", start], ["y"], Onnx.GraphAttribute(
                "body",
                [Onnx.Node("Identity", ["goes_on"], ["goes_on_still"]), Onnx.Node("Add", ["count", "one"], ["next"])],
                [Onnx.Value("turn", OnnxType.Int64), Onnx.Value("goes_on", OnnxType.Bool), Onnx.Value("count", OnnxType.Int64, 1)],
                [Onnx.Value("goes_on_still", OnnxType.Bool), Onnx.Value("next", OnnxType.Int64, 1)])),
        ],
        [Onnx.Value("x", OnnxType.Int64, 1)],
        [Onnx.Value("y", OnnxType.Int64, 1)],
        [Onnx.Longs("zero", [1], 0), Onnx.Longs("one", [1], 1), Onnx.Longs("most", [1], long.MaxValue)]);

    /// <summary>Takes FP32 [-1,1024] through <paramref name="layers"/> products with a 1024×1024 matrix, which is read once for all rows.</summary>
    public static byte[] Heavy(int layers)
    {
        var one = Onnx.TensorAttribute("value", Onnx.Floats("value", [1], 0.0009765625f));
        var nodes = Enumerable.Range(0, layers)
            .Select(layer => Onnx.Node("MatMul", [layer == 0 ? "x" : $"h{layer}", "w"], [layer == layers - 1 ? "y" : $"h{layer + 1}"]))
            .Prepend(Onnx.Node("ConstantOfShape", ["size"], ["w"], one));
        return Onnx.Model(
            nodes,
            [Onnx.Value("x", OnnxType.Float, -1, 1024)],
            [Onnx.Value("y", OnnxType.Float, -1, 1024)],
            [Onnx.Longs("size", [2], 1024, 1024)]);
    }
}
