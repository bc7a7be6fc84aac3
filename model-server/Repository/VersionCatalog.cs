using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>Which versions a repository holds, to tell somebody who asked for one that it does not.</summary>
internal sealed class VersionCatalog(IModelStore store, StorageRetry retry)
{
    private const int MostNamed = 10;

    /// <summary>A sentence that names the newest versions, at most ten, and what to do.</summary>
    public async Task<string> DescribeAsync(string missing, CancellationToken cancellationToken)
    {
        if (!store.CanList)
        {
            return "Storage of this kind cannot tell which versions it holds. Name another, upload this one, or correct the URI.";
        }

        var folders = await retry.RunAsync(token => store.ListFoldersAsync(RepositoryLimits.MostFoldersLookedAt, token), cancellationToken);
        var versions = new List<string>();
        foreach (var folder in folders.Where(folder => folder != missing).OrderDescending(VersionOrder.Instance))
        {
            var files = await retry.RunAsync(token => store.ListAsync(folder, [], RepositoryLimits.MostFiles, token), cancellationToken);
            if (files.Any(file => file.Path == VersionListing.ModelFile))
            {
                versions.Add(folder);
            }

            if (versions.Count > MostNamed)
            {
                break;
            }
        }

        if (versions.Count == 0)
        {
            return $"No version is there: a version is a folder with a {VersionListing.ModelFile}. Upload one, or correct the URI.";
        }

        var named = string.Join(", ", versions.Take(MostNamed).Reverse());
        return versions.Count > MostNamed
            ? $"The newest versions there are {named}. Name one of those, or upload this one."
            : $"The versions there are {named}. Name one of those, or upload this one.";
    }
}
