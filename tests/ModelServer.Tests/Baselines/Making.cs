using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Tests.Baselines.Data;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Baselines;

/// <summary>Makes baselines of small models and files, as the command does, and reads them back as the server does.</summary>
internal sealed class Making(byte[] model)
{
    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyList<string> Features { get; init; } = [];

    public IReadOnlyDictionary<string, string> Seasonality { get; init; } = new Dictionary<string, string>();

    /// <summary>Text files beside the model.</summary>
    public IReadOnlyDictionary<string, string> Beside { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Notes { get; private set; } = [];

    public IReadOnlyList<double> Told { get; private set; } = [];

    public async Task<Baseline> OfAsync(string name, string content)
    {
        using var file = new TrainingFile(name, content);
        return await OfAsync(file);
    }

    public async Task<Baseline> OfAsync(TrainingFile file)
    {
        using var folder = new ModelFolder().WithModel(model);
        foreach (var (name, text) in Beside)
        {
            folder.WithText(name, text);
        }

        using var session = LocalModel.Load($"{folder.Path}/1/model.onnx");
        var told = new List<double>();
        var maker = new BaselineMaker(session, new BaselineRequest(file.Path, Labels, Features, Seasonality), told.Add);
        var baseline = await maker.MakeAsync(CancellationToken.None);
        (Notes, Told) = (maker.Notes, told);
        BaselineFile.Write($"{folder.Path}/1/baseline.json", baseline);
        return BaselineFile.Read($"{folder.Path}/1")!;
    }

    /// <summary>The edges and the share of the numbers in each bin are what their definitions say.</summary>
    public static void Require(BaselineFeature feature, IReadOnlyCollection<double> numbers)
    {
        var present = numbers.Where(double.IsFinite).Order().ToArray();
        for (var decile = 0; decile <= 10; decile++)
        {
            feature.Edges.Should().Contain(present[Math.Max(1, (int)Math.Ceiling(decile * present.Length / 10m)) - 1], $"{decile}0 % of {feature.Name}");
        }

        feature.Edges.Should().HaveCountLessOrEqualTo(11);
        RequireShares(feature, numbers);
    }

    /// <summary>The share of the numbers in each bin is what its definition says, wherever the edges are.</summary>
    public static void RequireShares(BaselineFeature feature, IReadOnlyCollection<double> numbers)
    {
        var edges = feature.Edges!;
        var inner = Enumerable.Range(0, Math.Max(1, edges.Count - 1)).Select(i => (Low: edges[i], High: edges[Math.Min(i + 1, edges.Count - 1)]));
        int[] counts =
        [
            numbers.Count(number => number < edges[0]),
            .. inner.Select((bin, i) => numbers.Count(number => number <= bin.High && (i == 0 ? number >= bin.Low : number > bin.Low))),
            numbers.Count(number => number > edges[^1]),
            numbers.Count(double.IsNaN),
        ];
        feature.Ratios.Should().Equal(counts.Select(count => (double)count / numbers.Count), (one, other) => Math.Abs(one - other) < 1e-6, feature.Name);
    }
}
