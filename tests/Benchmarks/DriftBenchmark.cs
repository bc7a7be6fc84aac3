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
    private const int Rounds = 6;
    private const int WarmUpRequests = 20_000;
    private const int Requests = 20_000;
    private const string Path = "/v2/models/m/infer";

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        try
        {
            var model = BenchModels.Tabular();
            var off = await WriteAsync(folder.CreateSubdirectory("off"), model, baseline: null, cancellationToken);
            var on = await WriteAsync(folder.CreateSubdirectory("on"), model, Baseline(), cancellationToken);
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
        var body = Bodies.Tabular(rows: 1);
        await using var without = await HttpSide.StartAsync(["serve", off], cancellationToken);
        await using var with = await HttpSide.StartAsync(["serve", on], cancellationToken);
        await without.SendAsync(Path, body, WarmUpRequests, cancellationToken);
        await with.SendAsync(Path, body, WarmUpRequests, cancellationToken);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // A-B-B-A, so that a machine that becomes slower meets both alike.
            var first = await without.CostAsync(Path, body, Requests, cancellationToken);
            var second = await with.CostAsync(Path, body, 2 * Requests, cancellationToken);
            var third = await without.CostAsync(Path, body, Requests, cancellationToken);
            ratios.Add(2 * second.Seconds / (first.Seconds + third.Seconds));
        }

        ratios.Sort();
        Print("drift_on_cpu_vs_off", (ratios[(Rounds - 1) / 2] + ratios[Rounds / 2]) / 2, $"a whole request over the wire; {ratios[0]:F3} to {ratios[^1]:F3} over {Rounds} rounds");
    }

    private static void Print(string name, double ratio, FormattableString note) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {ratio:F3} ({note.ToString(CultureInfo.InvariantCulture)})"));

    private static async Task<string> WriteAsync(DirectoryInfo folder, byte[] model, Baseline? baseline, CancellationToken cancellationToken)
    {
        var version = folder.CreateSubdirectory("models").CreateSubdirectory("1").FullName;
        await File.WriteAllBytesAsync(System.IO.Path.Combine(version, "model.onnx"), model, cancellationToken);
        if (baseline is not null)
        {
            BaselineFile.Write(System.IO.Path.Combine(version, BaselineFile.FileName), baseline);
        }

        return folder.FullName;
    }

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
