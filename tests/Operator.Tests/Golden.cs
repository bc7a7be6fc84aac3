using System.Runtime.CompilerServices;
using k8s;

namespace Slipway.Operator.Tests;

/// <summary>Compares an object with its checked-in YAML beside the test. UPDATE_GOLDEN=1 writes the file; review its diff like code.</summary>
internal static class Golden
{
    public static void Match(object actual, string name, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "golden", name + ".yaml");
        var yaml = KubernetesYaml.Serialize(actual).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, yaml);
        }

        File.Exists(path).Should().BeTrue($"{Path.GetFileName(path)} is the expected output; UPDATE_GOLDEN=1 writes it");
        yaml.Should().Be(File.ReadAllText(path));
    }
}
