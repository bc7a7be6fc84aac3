using System.CommandLine;
using Slipway.ModelServer.Commands;

namespace Slipway.ModelServer;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Serves an ONNX model over the Open Inference Protocol.") { ServeCommand.Create(), InspectCommand.Create(), BaselineCommand.Create(), DriftCommand.Create() };
        var parsed = root.Parse(args);
        var exit = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCodes.BadConfiguration : exit;
    }
}
