using System.CommandLine;
using Slipway.Api.Monitoring;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.DriftReports;

namespace Slipway.ModelServer.Commands;

/// <summary><c>drift</c>: tells how far a data set is from a model's baseline, in the figures that are told of a model that runs.</summary>
internal static class DriftCommand
{
    private const string Table = "table";
    private const string Json = "json";

    public static Command Create()
    {
        var baseline = new Option<string>("--baseline") { Description = "path of a baseline.json", Required = true };
        var data = new Option<string>("--data") { Description = $"path of the rows to compare with it: {RowReaders.Formats}", Required = true };
        var model = new Option<string>("--model") { Description = "path of the model.onnx that the baseline is of; without it its outputs are left out", DefaultValueFactory = _ => "" };
        var labels = new Option<string[]>("--labels") { Description = "columns of the data that are no inputs of the model", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var threshold = new Option<decimal>("--threshold") { Description = "population stability index above which a feature has drifted", DefaultValueFactory = _ => DriftScores.DefaultThreshold };
        var minSamples = new Option<int>("--min-samples") { Description = "rows below which nothing is said of a feature; it also takes 50 for each of its bins", DefaultValueFactory = _ => DriftScores.DefaultMinSamples };
        var window = new Option<string>("--window") { Description = "stretch of time that the rows are of, such as 24h: nothing is said of features that come round in a longer one (default: they are of whole periods)", DefaultValueFactory = _ => "" };
        var output = new Option<string>("--output") { Description = $"{Table} or {Json}", DefaultValueFactory = _ => Table };
        output.AcceptOnlyFromAmong(Table, Json);
        // What is no number at all is told by the parser.
        Require(threshold, text => !decimal.TryParse(text, out var value) || value > 0, "a number above 0");
        Require(minSamples, text => !int.TryParse(text, out var value) || value >= 1, "at least 1");
        Require(window, text => GoDuration.TryParse(text, out var time) && time > TimeSpan.Zero, "a duration such as 24h and more than zero");
        var command = new Command("drift", "Tell how far a data set is from a model's baseline.") { baseline, data, model, labels, threshold, minSamples, window, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(model),
            new DriftRequest(
                parsed.GetRequiredValue(data),
                parsed.GetRequiredValue(baseline),
                parsed.GetRequiredValue(labels),
                (double)parsed.GetValue(threshold),
                parsed.GetValue(minSamples),
                GoDuration.TryParse(parsed.GetRequiredValue(window), out var time) ? time : null),
            parsed.GetRequiredValue(output),
            cancellationToken));
        return command;
    }

    private static void Require(Option option, Func<string, bool> isRight, string what) => option.Validators.Add(given =>
    {
        foreach (var token in given.Tokens.Where(token => !isRight(token.Value)))
        {
            given.AddError($"{option.Name}: must be {what}, got '{token.Value}'");
        }
    });

    private static Task<int> RunAsync(string model, DriftRequest request, string output, CancellationToken cancellationToken) => DataWork.RunAsync(request.Data, async bar =>
    {
        var check = new DriftCheck(Read(request.BaselineFile), request, bar.Show);
        var report = await ReportAsync(check, model, cancellationToken);
        bar.Clear();
        foreach (var note in check.Notes)
        {
            await Console.Error.WriteLineAsync(note);
        }

        await Console.Out.WriteLineAsync(output == Json ? report.ToJson() : DriftTable.Of(report));
        return report.Drifted ? ExitCodes.Drifted
            : report.Features.Any(feature => feature.IsJudged) ? ExitCodes.Done
            : ExitCodes.Undecided;
    });

    private static Baseline Read(string path) => File.Exists(path)
        ? BaselineFile.Read(path, path)
        : throw new IOException($"There is no file {path}; slipway-server baseline writes one.");

    private static async Task<DriftReport> ReportAsync(DriftCheck check, string model, CancellationToken cancellationToken)
    {
        if (model.Length == 0)
        {
            return await check.OfInputsAsync(cancellationToken);
        }

        using var session = LocalModel.Load(model);
        return await check.OfModelAsync(session, cancellationToken);
    }
}
