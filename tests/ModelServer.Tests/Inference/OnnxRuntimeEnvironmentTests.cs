using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Inference;

internal sealed class OnnxRuntimeEnvironmentTests
{
    [Test]
    public void The_runtime_is_told_not_to_report_usage()
    {
        OnnxRuntimeEnvironment.Initialize();

        NativeEnvironment("ORT_DISABLE_TELEMETRY").Should().Be("1");
    }

    private static string? NativeEnvironment(string name) => System.Runtime.InteropServices.Marshal.PtrToStringUTF8(GetEnvironment(name));

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "getenv", CharSet = System.Runtime.InteropServices.CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetEnvironment(string name);
}
