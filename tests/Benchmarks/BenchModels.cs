using Slipway.ModelServer.Tests.Models;

namespace Slipway.Benchmarks;

/// <summary>The models that are measured, with made-up weights: what they compute does not matter, what it costs does.</summary>
internal static class BenchModels
{
    public const int Tokens = 64;

    /// <summary>Of a row of the recommender.</summary>
    public const int Categories = 8;

    /// <summary>FP32 [1,3,224,224].</summary>
    public const string VisionInput = "data_0";

    // Of Debian's libonnx-testdata: a real convolution net with weights that stand for nothing.
    private const string VisionFile = ".tools/onnx-tests/usr/share/libonnx-testdata/data/light/light_squeezenet.onnx";

    private const int Hidden = 256;
    private const int Heads = 4;
    private const int Vocabulary = 1000;

    /// <summary>30 floats → 2, through layers of 64 and 32: some 17 KB.</summary>
    public static byte[] Tabular()
    {
        var weights = new Weights();
        List<ProtoWriter> nodes = [], constants = [];
        var from = "x";
        foreach (var (layer, inputs, outputs) in new[] { (0, Bodies.Width, 64), (1, 64, 32), (2, 32, 2) })
        {
            constants.Add(weights.Matrix($"w{layer}", inputs, outputs));
            constants.Add(weights.Matrix($"b{layer}", 1, outputs));
            nodes.Add(Onnx.Node("MatMul", [from, $"w{layer}"], [$"m{layer}"]));
            nodes.Add(Onnx.Node("Add", [$"m{layer}", $"b{layer}"], [$"a{layer}"]));
            nodes.Add(Onnx.Node(layer == 2 ? "Softmax" : "Relu", [$"a{layer}"], [layer == 2 ? "y" : $"r{layer}"]));
            from = $"r{layer}";
        }

        return Onnx.Model(
            nodes, [Onnx.Value("x", OnnxType.Float, -1, Bodies.Width)], [Onnx.Value("y", OnnxType.Float, -1, 2)], constants);
    }

    /// <summary>Looks eight categories up in a table of 15,000 × 64 floats and scores them through a layer of 128: some 4 MB.</summary>
    public static byte[] Recommender()
    {
        const int rows = 15_000, width = 64, wide = Categories * width, hidden = 128;
        var weights = new Weights();
        return Onnx.Model(
            [
                Onnx.Node("Gather", ["table", "ids"], ["looked_up"]),
                Onnx.Node("Reshape", ["looked_up", "flat"], ["features"]),
                Onnx.Node("MatMul", ["features", "w0"], ["m0"]),
                Onnx.Node("Relu", ["m0"], ["r0"]),
                Onnx.Node("MatMul", ["r0", "w1"], ["m1"]),
                Onnx.Node("Sigmoid", ["m1"], ["score"]),
            ],
            [Onnx.Value("ids", OnnxType.Int64, -1, Categories)],
            [Onnx.Value("score", OnnxType.Float, -1, 1)],
            [
                weights.Matrix("table", rows, width), weights.Matrix("w0", wide, hidden), weights.Matrix("w1", hidden, 1),
                Onnx.Longs("flat", [2], -1, wide),
            ]);
    }

    /// <summary>light_squeezenet: FP32 [1,3,224,224] → 1000 classes.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static byte[] Vision() => File.Exists(VisionFile)
        ? File.ReadAllBytes(VisionFile)
        : throw new FileNotFoundException($"There is no {VisionFile}; ./build.sh tools conformance installs it.");

    /// <summary>A transformer encoder of 4 layers, hidden size 256, 4 heads, over 64 token ids, whose mean is the text's embedding: 256 floats.</summary>
    public static byte[] Encoder()
    {
        var weights = new Weights();
        List<ProtoWriter> nodes = [], constants =
        [
            weights.Matrix("embeddings", Vocabulary, Hidden),
            Onnx.Longs("split", [4], 0, Tokens, Heads, Hidden / Heads),
            Onnx.Longs("merge", [3], 0, Tokens, Hidden),
            Onnx.Longs("tokens", [1], 1),
            Onnx.Floats("scale", [1], 1 / MathF.Sqrt(Hidden / Heads)),
            Onnx.Floats("one", [Hidden], [.. Enumerable.Repeat(1f, Hidden)]),
        ];
        nodes.Add(Onnx.Node("Gather", ["embeddings", "ids"], ["h0"]));
        for (var layer = 0; layer < 4; layer++)
        {
            Attention(layer, weights, nodes, constants);
            FeedForward(layer, weights, nodes, constants);
        }

        nodes.Add(Onnx.Node("ReduceMean", ["h4", "tokens"], ["embedding"], Onnx.IntAttribute("keepdims", 0)));
        return Onnx.Model(
            nodes, [Onnx.Value("ids", OnnxType.Int64, -1, Tokens)], [Onnx.Value("embedding", OnnxType.Float, -1, Hidden)], constants);
    }

    private static void Attention(int layer, Weights weights, List<ProtoWriter> nodes, List<ProtoWriter> constants)
    {
        foreach (var (part, order) in new[] { ("q", new long[] { 0, 2, 1, 3 }), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3]) })
        {
            var name = $"{part}{layer}";
            constants.Add(weights.Matrix($"w{name}", Hidden, Hidden));
            nodes.Add(Onnx.Node("MatMul", [$"h{layer}", $"w{name}"], [$"p{name}"]));
            nodes.Add(Onnx.Node("Reshape", [$"p{name}", "split"], [$"s{name}"]));
            nodes.Add(Onnx.Node("Transpose", [$"s{name}"], [name], Onnx.IntsAttribute("perm", order)));
        }

        constants.Add(weights.Matrix($"wo{layer}", Hidden, Hidden));
        nodes.Add(Onnx.Node("MatMul", [$"q{layer}", $"k{layer}"], [$"raw{layer}"]));
        nodes.Add(Onnx.Node("Mul", [$"raw{layer}", "scale"], [$"scores{layer}"]));
        nodes.Add(Onnx.Node("Softmax", [$"scores{layer}"], [$"shares{layer}"]));
        nodes.Add(Onnx.Node("MatMul", [$"shares{layer}", $"v{layer}"], [$"heads{layer}"]));
        nodes.Add(Onnx.Node("Transpose", [$"heads{layer}"], [$"back{layer}"], Onnx.IntsAttribute("perm", 0, 2, 1, 3)));
        nodes.Add(Onnx.Node("Reshape", [$"back{layer}", "merge"], [$"merged{layer}"]));
        nodes.Add(Onnx.Node("MatMul", [$"merged{layer}", $"wo{layer}"], [$"attended{layer}"]));
        nodes.Add(Onnx.Node("Add", [$"h{layer}", $"attended{layer}"], [$"sum{layer}"]));
        nodes.Add(Onnx.Node("LayerNormalization", [$"sum{layer}", "one"], [$"n{layer}"]));
    }

    private static void FeedForward(int layer, Weights weights, List<ProtoWriter> nodes, List<ProtoWriter> constants)
    {
        constants.Add(weights.Matrix($"up{layer}", Hidden, 4 * Hidden));
        constants.Add(weights.Matrix($"down{layer}", 4 * Hidden, Hidden));
        nodes.Add(Onnx.Node("MatMul", [$"n{layer}", $"up{layer}"], [$"wide{layer}"]));
        nodes.Add(Onnx.Node("Relu", [$"wide{layer}"], [$"active{layer}"]));
        nodes.Add(Onnx.Node("MatMul", [$"active{layer}", $"down{layer}"], [$"narrow{layer}"]));
        nodes.Add(Onnx.Node("Add", [$"n{layer}", $"narrow{layer}"], [$"total{layer}"]));
        nodes.Add(Onnx.Node("LayerNormalization", [$"total{layer}", "one"], [$"h{layer + 1}"]));
    }

    /// <summary>Small random numbers, the same in every run.</summary>
    private sealed class Weights
    {
        private readonly Random _random = new(11);

        public ProtoWriter Matrix(string name, int rows, int columns) => Onnx.Floats(
            name, [rows, columns], [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((_random.NextDouble() - 0.5) / Math.Sqrt(rows)))]);
    }
}
