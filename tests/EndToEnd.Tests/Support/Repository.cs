namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Where the repository is: the folder above the test binaries that holds the solution.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Sample(string path) => Path.Combine(Root, "samples", path);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Operator.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new DirectoryNotFoundException("No folder above the tests holds Operator.sln."));
}
