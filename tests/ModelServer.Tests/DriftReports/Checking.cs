using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.DriftReports;
using Slipway.ModelServer.Tests.Baselines.Data;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.DriftReports;

/// <summary>Compares small files with a baseline, as the command does.</summary>
internal sealed class Checking(Baseline baseline)
{
    public IReadOnlyList<string> Labels { get; init; } = [];

    public double Threshold { get; init; } = 0.2;

    public int MinSamples { get; init; } = 500;

    public TimeSpan? Window { get; init; }

    /// <summary>Text files beside the model.</summary>
    public IReadOnlyDictionary<string, string> Beside { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Notes { get; private set; } = [];

    public IReadOnlyList<double> Told { get; private set; } = [];

    /// <param name="model">Null: the inputs alone.</param>
    public async Task<DriftReport> OfAsync(byte[]? model, string name, string content)
    {
        using var file = new TrainingFile(name, content);
        var told = new List<double>();
        var check = new DriftCheck(baseline, new DriftRequest(file.Path, "the baseline", Labels, Threshold, MinSamples, Window), told.Add);
        var report = await OfAsync(check, model);
        (Notes, Told) = (check.Notes, told);
        return report;
    }

    private async Task<DriftReport> OfAsync(DriftCheck check, byte[]? model)
    {
        if (model is null)
        {
            return await check.OfInputsAsync(CancellationToken.None);
        }

        using var folder = new ModelFolder().WithModel(model);
        foreach (var (beside, text) in Beside)
        {
            folder.WithText(beside, text);
        }

        using var session = LocalModel.Load($"{folder.Path}/1/model.onnx");
        return await check.OfModelAsync(session, CancellationToken.None);
    }
}
