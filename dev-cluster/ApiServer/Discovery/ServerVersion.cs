using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>The answer to <c>/version</c>: the Kubernetes version whose behaviour this server has, and that it is not that server.</summary>
internal static class ServerVersion
{
    private const string Minor = "36";

    public static JsonObject Document() => new()
    {
        ["major"] = "1",
        ["minor"] = Minor,
        ["emulationMajor"] = "1",
        ["emulationMinor"] = Minor,
        ["minCompatibilityMajor"] = "1",
        ["minCompatibilityMinor"] = "35",
        ["gitVersion"] = $"v1.{Minor}.2+slipway-dev",
        ["gitCommit"] = "slipway-dev",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = RuntimeInformation.FrameworkDescription,
        ["compiler"] = "dotnet",
        ["platform"] = $"linux/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}",
    };
}
