using System.Runtime.CompilerServices;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>Which versions a repository holds: its folders that hold a model.</summary>
internal sealed class VersionCatalog(IModelStore store, StorageRetry retry)
{
    private const int MostNamed = 10;

    /// <summary>Versions, the newest first. Only as much is asked of storage as is taken: a listing of folders, and one for each version that is not known.</summary>
    /// <param name="known">Versions of which only the name matters; they are not looked into.</param>
    /// <exception cref="ModelRejectedException">There is no such folder, or it holds more than can be told apart in bounded time.</exception>
    public async IAsyncEnumerable<ListedVersion> NewestFirstAsync(
        Func<string, bool> known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = RepositoryLimits.MostFoldersLookedAt;
        foreach (var folder in await FoldersAsync(cancellationToken))
        {
            if (known(folder))
            {
                yield return new ListedVersion(folder, []);
            }
            else if (left-- == 0)
            {
                yield break;
            }
            else if (await FilesAsync(folder, cancellationToken) is var files && files.Any(file => file.Path == VersionListing.ModelFile))
            {
                yield return new ListedVersion(folder, files);
            }
        }
    }

    /// <summary>A sentence that names the newest versions, at most ten, and what to do.</summary>
    public async Task<string> DescribeAsync(string missing, CancellationToken cancellationToken)
    {
        if (!store.CanList)
        {
            return "Storage of this kind cannot tell which versions it holds. Name another, upload this one, or correct the URI.";
        }

        var versions = new List<string>();
        await foreach (var version in NewestFirstAsync(folder => folder == missing, cancellationToken))
        {
            versions.AddRange(version.Name == missing ? [] : [version.Name]);
            if (versions.Count > MostNamed)
            {
                break;
            }
        }

        if (versions.Count == 0)
        {
            return NoVersion;
        }

        var named = string.Join(", ", versions.Take(MostNamed).Reverse());
        return versions.Count > MostNamed
            ? $"The newest versions there are {named}. Name one of those, or upload this one."
            : $"The versions there are {named}. Name one of those, or upload this one.";
    }

    /// <summary>What to do about a repository without any version.</summary>
    public static string NoVersion => $"No version is there: a version is a folder with a {VersionListing.ModelFile}. Upload one, or correct the URI.";

    private async Task<IReadOnlyList<string>> FoldersAsync(CancellationToken cancellationToken)
    {
        var most = RepositoryLimits.MostFolders;
        var folders = await AskAsync(token => store.ListFoldersAsync(most + 1, token), cancellationToken);
        return folders.Count <= most
            ? [.. folders.Where(ConfigCheck.IsVersion).OrderDescending(VersionOrder.Instance)]
            : throw new ModelRejectedException(
                $"{store.Address} holds more than {most} folders, too many to find the newest version among them. Remove old versions, or name the one to serve.");
    }

    private Task<IReadOnlyList<StoredFile>> FilesAsync(string folder, CancellationToken cancellationToken) =>
        AskAsync(token => store.ListAsync(folder, [], RepositoryLimits.MostFiles, token), cancellationToken);

    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await retry.RunAsync(ask, cancellationToken);
        }
        catch (StoreException exception) when (!exception.MayPass)
        {
            throw new ModelRejectedException(exception.Message, exception);
        }
    }
}

/// <summary>A version that storage holds.</summary>
/// <param name="Files">What it held when it was listed; empty for a version that was known.</param>
internal sealed record ListedVersion(string Name, IReadOnlyList<StoredFile> Files);
