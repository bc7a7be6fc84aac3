using System.CommandLine;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Commands;

/// <summary><c>inspect</c>: prints what a model takes and gives, as the server would serve it.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "path of a model.onnx", Required = true };
        var command = new Command("inspect", "Print the inputs and outputs of a model file.") { model };
        command.SetAction(async (parsed, _) =>
        {
            try
            {
                using var session = LocalModel.Load(parsed.GetRequiredValue(model));
                await PrintAsync("input", session.Inputs);
                await PrintAsync("output", session.Outputs);
                return ExitCodes.Done;
            }
            catch (ModelRejectedException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    private static async Task PrintAsync(string side, IReadOnlyList<TensorSpec> specs)
    {
        foreach (var spec in specs)
        {
            var columns = spec.ColumnsJson.Length > 0 ? $" {spec.ColumnsJson}" : "";
            await Console.Out.WriteLineAsync($"{side,-7} {spec.Datatype.Name(),-6} {TensorSpec.Format([.. spec.Shape])} {spec.Name}{columns}");
        }
    }
}
