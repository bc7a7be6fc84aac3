using System.CommandLine;
using System.Globalization;
using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Commands;

/// <summary><c>baseline</c>: writes how a model's inputs and outputs are distributed over its training data.</summary>
internal static class BaselineCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "path of a model.onnx", Required = true };
        var data = new Option<string>("--data") { Description = $"path of the rows that it was trained on: {RowReaders.Formats}", Required = true };
        var labels = new Option<string[]>("--labels") { Description = "columns of the data that are no inputs of the model", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var features = new Option<string>("--features") { Description = $"names of the features to keep, with commas between (default: all, which are at most {BaselineBounds.MostFeatures})", DefaultValueFactory = _ => "" };
        var seasonality = new Option<string[]>("--seasonality") { Description = "periods in which features come round, such as hour=24h: a shorter window says nothing of them", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        seasonality.Validators.Add(given =>
        {
            foreach (var token in given.Tokens.Where(token => Period(token.Value) is not { Name.Length: > 0 } period || !GoDuration.TryParse(period.Length, out _)))
            {
                given.AddError($"{seasonality.Name}: must be a feature's name and a duration, such as hour=24h, got '{token.Value}'");
            }
        });
        var output = new Option<string>("--output") { Description = "file to write", DefaultValueFactory = _ => BaselineFile.FileName };
        var command = new Command("baseline", "Write how a model's inputs and outputs are distributed over its training data.") { model, data, labels, features, seasonality, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(model),
            new BaselineRequest(
                parsed.GetRequiredValue(data),
                parsed.GetRequiredValue(labels),
                parsed.GetRequiredValue(features).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                parsed.GetRequiredValue(seasonality).Select(Period).DistinctBy(period => period.Name).ToDictionary(period => period.Name, period => period.Length)),
            parsed.GetRequiredValue(output),
            cancellationToken));
        return command;
    }

    private static (string Name, string Length) Period(string given)
    {
        var sign = given.LastIndexOf('=');
        return sign < 0 ? ("", "") : (given[..sign], given[(sign + 1)..]);
    }

    private static Task<int> RunAsync(string model, BaselineRequest request, string output, CancellationToken cancellationToken) => DataWork.RunAsync(request.Data, async bar =>
    {
        RequireFolder(output);
        using var session = LocalModel.Load(model);
        var maker = new BaselineMaker(session, request, bar.Show);
        var baseline = await maker.MakeAsync(cancellationToken);
        BaselineFile.Write(output, baseline);
        bar.Clear();
        foreach (var note in maker.Notes)
        {
            await Console.Error.WriteLineAsync(note);
        }

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{output}: {baseline.Rows} rows, {baseline.Inputs.Count} features of inputs, {baseline.Outputs.Count} of outputs"));
        return ExitCodes.Done;
    });

    // The work takes long, and would be lost.
    private static void RequireFolder(string output)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        if (!Directory.Exists(folder))
        {
            throw new IOException($"There is no folder {folder} to write {Path.GetFileName(output)} to.");
        }
    }
}
