using System.Net;
using k8s;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster.Nodes;
using Slipway.Operator;

namespace Slipway.DevCluster;

/// <summary>The operator's production code, and the image that its pods name, in dev-cluster.</summary>
internal static class OperatorComposition
{
    private const string ServerExecutable = "slipway-server";
    private const string ServerVariable = "SLIPWAY_DEV_SERVER";

    public static IHost Build(KubernetesClientConfiguration configuration)
    {
        configuration.UserAgent = OperatorHost.UserAgent;
        return OperatorHost.Build(new() { Kubernetes = configuration, Listen = new(IPAddress.Loopback, 0), LogLevel = LogLevel.Warning });
    }

    /// <summary>The images of a cluster that names none: the model server, and commands of the host.</summary>
    /// <exception cref="FileNotFoundException">The model server was not built.</exception>
    public static IReadOnlyList<Image> DefaultImages() =>
    [
        new(OperatorOptions.DefaultServerImage)
        {
            Executable = FindServer(),
            Environment = Dotnet(),
            AddressVariables = [Api.ServerContract.BindAddressVariable],
        },
        ImageTable.HostCommands,
    ];

    /// <summary>What a .NET executable needs in a root that is read-only.</summary>
    public static IReadOnlyDictionary<string, string> Dotnet()
    {
        var environment = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } runtime)
        {
            // …/shared/Microsoft.NETCore.App/VERSION
            environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        }

        return environment;
    }

    private static string FindServer()
    {
        if (System.Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        // Build outputs lie side by side: …/bin/PROJECT/CONFIGURATION/slipway-server.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string[] places =
        [
            Path.Combine(here.FullName, ServerExecutable),
            Path.Combine(here.Parent!.Parent!.FullName, "Slipway.ModelServer", here.Name, ServerExecutable),
        ];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The model server was not found at {string.Join(" or ", places)}; build it first, or name it in {ServerVariable}.");
    }
}
