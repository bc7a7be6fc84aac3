using System.Runtime.CompilerServices;

namespace Slipway.ModelServer.Tests;

/// <summary>Compares a text with the checked-in one beside the test. UPDATE_GOLDEN=1 writes the file; review its diff like code.</summary>
internal static class Golden
{
    public static void Match(string actual, string name, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "golden", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        File.Exists(path).Should().BeTrue($"{Path.GetFileName(path)} is the expected output; UPDATE_GOLDEN=1 writes it");
        actual.Should().Be(File.ReadAllText(path));
    }
}
