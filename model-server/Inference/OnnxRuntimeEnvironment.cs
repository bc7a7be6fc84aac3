using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// The process-wide environment of ONNX Runtime. Its official builds report usage to their maker unless told not to; a model server sees
/// other people's data and reports to nobody.
/// </summary>
internal static partial class OnnxRuntimeEnvironment
{
    private const string DisableTelemetry = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<OrtEnv> Quiet = new(Create);

    /// <summary>Call before the first session is opened; later calls do nothing.</summary>
    public static void Initialize() => _ = Quiet.Value;

    private static OrtEnv Create()
    {
        // The library reads the process's own environment, which .NET's setter does not reach.
        if (!OperatingSystem.IsWindows() && SetEnvironment(DisableTelemetry, "1", 1) != 0)
        {
            throw new InvalidOperationException($"{DisableTelemetry} cannot be set: error {Marshal.GetLastPInvokeError()}.");
        }

        NativeHeap.ReturnLargeBlocks();
        var options = new EnvironmentCreationOptions { logId = "slipway", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        var environment = OrtEnv.CreateInstanceWithOptions(ref options);
        environment.DisableTelemetryEvents();
        return environment;
    }

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
