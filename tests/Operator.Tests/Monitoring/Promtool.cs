using System.Diagnostics;
using k8s;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>The real promtool of <c>.tools/</c>, on files in a folder that is gone afterwards.</summary>
internal static class Promtool
{
    public static Task CheckAsync(RuleGroups rules) => RunAsync(["check", "rules", "rules.yaml"], ("rules.yaml", KubernetesYaml.Serialize(rules)));

    /// <summary>Runs to the end and expects success.</summary>
    public static async Task RunAsync(string[] arguments, params (string Name, string Content)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-rules-");
        try
        {
            foreach (var (name, content) in files)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), content);
            }

            await Tool.RunAsync(new ProcessStartInfo(Path.Combine(Repository.Root, ".tools", "bin", "promtool"), arguments) { WorkingDirectory = folder.FullName });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
