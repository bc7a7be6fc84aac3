namespace Slipway.Api.Tests;

/// <summary>Where the repository is: the folder above the test binaries that holds the solution.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(TestContext.CurrentContext.TestDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Operator.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds Operator.sln."));
}
