using System.Diagnostics;
using k8s;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>The real promtool of <c>.tools/</c>, on files in a folder that is gone afterwards.</summary>
internal static class Promtool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

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

            using var limit = new CancellationTokenSource(Limit);
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, ".tools", "bin", "promtool"), arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.Should().Be(0, "promtool said: {0}{1}", output, await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
