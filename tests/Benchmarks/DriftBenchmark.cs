using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.Benchmarks;

/// <summary>
/// What the observation of drift costs: a row of thirty features beside reading it from JSON, and a whole request with a baseline beside one
/// without, as processor time of two servers that take turns.
/// </summary>
internal static class DriftBenchmark
{
    // So short a while that some of them are disturbed by nothing.
    private const int Turns = 1000;
    private const int Looks = 200;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        try
        {
            var model = BenchModels.Tabular();
            var off = await ModelUnderTest.WriteAsync(folder.CreateSubdirectory("off"), model, baseline: null, cancellationToken);
            var on = await ModelUnderTest.WriteAsync(folder.CreateSubdirectory("on"), model, Baseline(), cancellationToken);
            CompareWithParsing(System.IO.Path.Combine(on, "models", "1", "model.onnx"));
            await CompareRequestsAsync(off, on, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void CompareWithParsing(string modelFile)
    {
        using var session = ModelSession.Load(modelFile, new SessionSettings());
        var plan = BaselineBinding.Bind(Baseline() with { Outputs = [] }, session);
        var body = Bodies.Tabular(rows: 1);
        using var call = session.Rent();
        InferRequestReader.Read(RequestParts.Cut(body, null, new RequestLimits()), call);
        using var result = new InferResult(call, new RunOutputs(session.Run(call, CancellationToken.None), users: 1));
        var (parsing, binning) = (double.MaxValue, double.MaxValue);
        for (var look = 0; look < Looks; look++)
        {
            parsing = Math.Min(parsing, Stopwatches.Fastest(Turns, () => Parse(session, body)));
            binning = Math.Min(binning, Stopwatches.Fastest(Turns, () => plan.Observe(result)));
        }

        Print("drift_binning_vs_parsing", binning / parsing, $"a row of {Bodies.Width} features; {binning * 1e9 / Turns:F0} and {parsing * 1e9 / Turns:F0} ns here; goal: at most 0.2");
    }

    private static void Parse(ModelSession session, byte[] body)
    {
        using var call = session.Rent();
        InferRequestReader.Read(RequestParts.Cut(body, null, new RequestLimits()), call);
    }

    private static async Task CompareRequestsAsync(string off, string on, CancellationToken cancellationToken)
    {
        await using var without = await HttpSide.StartAsync(["serve", off], cancellationToken);
        await using var with = await HttpSide.StartAsync(["serve", on], cancellationToken);
        (await CpuComparison.MeasureAsync(without, with, cancellationToken)).Print("drift_on_cpu_vs_off", "a whole request over the wire");
    }

    private static void Print(string name, double ratio, FormattableString note) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {ratio:F3} ({note.ToString(CultureInfo.InvariantCulture)})"));

    /// <summary>Ten bins for each number of the row, and what is watched of a classifier's answer.</summary>
    private static Baseline Baseline() => new()
    {
        Format = BaselineBounds.Format,
        Rows = 1000,
        Inputs = [.. Enumerable.Range(0, Bodies.Width).Select(column => Tenths($"f{column}", "x", -100, 100) with { Column = column })],
        Outputs =
        [
            Tenths("confidence", "y", 0.5, 1) with { Measure = FeatureMeasure.Confidence },
            new BaselineFeature { Name = "class", Kind = FeatureKind.Categorical, Tensor = "y", Measure = FeatureMeasure.TopClass, Categories = ["0", "1"], Ratios = [0.5, 0.5, 0, 0] },
        ],
    };

    private static BaselineFeature Tenths(string name, string tensor, double least, double most) => new()
    {
        Name = name,
        Kind = FeatureKind.Numeric,
        Tensor = tensor,
        Edges = [.. Enumerable.Range(0, 11).Select(tenth => least + ((most - least) * tenth / 10))],
        Ratios = [0, .. Enumerable.Repeat(0.1, 10), 0, 0],
    };
}
