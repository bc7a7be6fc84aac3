namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>What <c>./build.sh tools</c> installed.</summary>
internal static class Tools
{
    /// <summary>The folder of one component.</summary>
    public static string Folder(string component)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, ".tools", component);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new AssertionException($"There is no .tools/{component}: run ./build.sh tools samples conformance, or ./build.sh test --all.");
    }
}
