using System.CommandLine;
using Slipway.Api.Crd;
using Slipway.Api.Docs;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Monitoring.Dashboards;
using Slipway.Operator.Rbac;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway-operator generate</c>: writes the files of the repository that are made from code.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output") { Description = "Root of the repository.", Required = true };
        var command = new Command("generate", "Write the CustomResourceDefinition, the chart's RBAC rules, alerts, dashboards and rules for prometheus-adapter, and the reference documentation, which are made from code.") { output };
        command.SetAction((result, cancellationToken) => WriteAsync(result.GetRequiredValue(output).FullName, cancellationToken));
        return command;
    }

    private static async Task<int> WriteAsync(string root, CancellationToken cancellationToken)
    {
        foreach (var (path, content) in Files())
        {
            var target = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, content, cancellationToken);
            await Console.Out.WriteLineAsync(path.AsMemory(), cancellationToken);
        }

        return 0;
    }

    /// <summary>Path below the root and content of every generated file.</summary>
    internal static IReadOnlyList<(string Path, string Content)> Files() =>
    [
        ($"crds/{CrdGenerator.FileName}", CrdGenerator.Render()),
        ($"charts/slipway/files/{CrdGenerator.FileName}", CrdGenerator.Render()),
        (ChartRules.Path, ChartRules.Render()),
        (OperatorRules.Path, OperatorRules.Render()),
        (AdapterRules.Path, AdapterRules.Render()),
        (ApiReference.Path, ApiReference.Render()),
        .. Dashboard.All.Select(dashboard => (dashboard.Path, dashboard.Render())),
    ];
}
