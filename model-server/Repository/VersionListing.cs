using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>What storage holds of a version, checked against the bounds before a byte of it is downloaded.</summary>
internal sealed class VersionListing(IModelStore store, StorageRetry retry)
{
    public const string ModelFile = "model.onnx";

    /// <summary>Files that a version may hold, looked for by name where storage cannot list.</summary>
    private static readonly string[] WellKnown = [ModelFile, Manifest.FileName, "model.yaml", "baseline.json"];

    /// <summary>The version's files, as far as storage tells them without the manifest.</summary>
    /// <exception cref="ModelRejectedException">There is no such version, or it is out of bounds.</exception>
    public async Task<IReadOnlyList<StoredFile>> ReadAsync(string version, CancellationToken cancellationToken)
    {
        var files = await ListAsync(version, WellKnown, cancellationToken);
        if (files.All(file => file.Path != ModelFile))
        {
            var what = files.Count == 0 ? $"There is no version {version} in {store.Address}" : $"Version {version} in {store.Address} holds no {ModelFile}";
            var others = await new VersionCatalog(store, retry).DescribeAsync(version, cancellationToken);
            throw new ModelRejectedException($"{what}. {others}");
        }

        return files;
    }

    /// <summary>The files that the manifest names. Others are left where they are: nothing vouches for them.</summary>
    /// <exception cref="ModelRejectedException">A file is not there.</exception>
    public async Task<IReadOnlyList<StoredFile>> NamedAsync(
        string version, Manifest manifest, IReadOnlyList<StoredFile> listed, CancellationToken cancellationToken)
    {
        if (!manifest.Hashes.ContainsKey(ModelFile))
        {
            throw new ModelRejectedException(
                $"{Manifest.FileName} of version {version} in {store.Address} does not name {ModelFile}; write the manifest again over all files.");
        }

        Require(version, manifest.Hashes.Count <= RepositoryLimits.MostFiles, $"names more than {RepositoryLimits.MostFiles} files");
        var known = listed.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var unknown = manifest.Hashes.Keys.Where(path => !known.Contains(path)).ToList();
        if (unknown.Count > 0 && !store.CanList)
        {
            listed = [.. listed, .. await ListAsync(version, unknown, cancellationToken)];
            RequireBounds(version, listed);
        }

        var absent = manifest.Hashes.Keys.Except(listed.Select(file => file.Path), StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        return absent is null ? [.. listed.Where(file => manifest.Hashes.ContainsKey(file.Path))] : throw new ModelRejectedException(
            $"{Manifest.FileName} of version {version} in {store.Address} names {absent}, which is not there; upload it, or write the manifest again.");
    }

    private async Task<IReadOnlyList<StoredFile>> ListAsync(string version, IReadOnlyCollection<string> named, CancellationToken cancellationToken)
    {
        var files = await retry.RunAsync(token => store.ListAsync(version, named, RepositoryLimits.MostFiles, token), cancellationToken);
        RequireBounds(version, files);
        return files;
    }

    private void RequireBounds(string version, IReadOnlyList<StoredFile> files)
    {
        var outside = files.FirstOrDefault(file => !RelativePath.IsInside(file.Path));
        Require(version, outside is null, $"holds '{outside?.Path}', which is not a path inside its folder");
        Require(version, files.Count <= RepositoryLimits.MostFiles, $"holds more than {RepositoryLimits.MostFiles} files");
        Require(
            version,
            files.All(file => file.Size is >= 0 and <= RepositoryLimits.MostBytes) && files.Sum(file => file.Size) <= RepositoryLimits.MostBytes,
            $"is larger than {RepositoryLimits.MostBytes >> 30} GiB");
    }

    private void Require(string version, bool holds, string what)
    {
        if (!holds)
        {
            throw new ModelRejectedException($"Version {version} in {store.Address} {what}; upload the model as a new version without that.");
        }
    }
}
