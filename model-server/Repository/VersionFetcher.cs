using System.Security.Cryptography;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>Brings one version from storage to disk, and lets nothing through that is not what its manifest and its digest say.</summary>
internal sealed class VersionFetcher(IModelStore store, CacheFolder cache, StorageRetry retry)
{
    public const string ModelFile = "model.onnx";

    private readonly Downloader _downloader = new(store, retry);

    /// <summary>Downloads, verifies and moves into place.</summary>
    /// <param name="expectedDigest">Empty accepts any bytes.</param>
    /// <exception cref="ModelRejectedException">The version is not there, or its bytes are not the ones expected.</exception>
    public async Task<FetchedVersion> FetchAsync(string version, string expectedDigest, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await ListAsync(version, cancellationToken);
            var folder = cache.NewIncoming(version);
            var manifest = await ReadManifestAsync(version, listed, folder, cancellationToken);
            var wanted = manifest is null ? listed : Listed(version, manifest, listed);
            await _downloader.DownloadAsync(version, wanted, folder, cancellationToken);
            var hashes = await HashAsync(wanted, folder, cancellationToken);
            var digest = manifest is null ? Manifest.Of(hashes).Digest : Verified(version, manifest, hashes);
            RequireDigest(version, digest, expectedDigest);
            return new FetchedVersion(Path.Combine(cache.Place(folder, version), ModelFile), digest);
        }
        catch (StoreException exception) when (exception.Trouble == StoreTrouble.Missing)
        {
            throw new ModelRejectedException(exception.Message, exception);
        }
    }

    private async Task<IReadOnlyList<StoredFile>> ListAsync(string version, CancellationToken cancellationToken)
    {
        var files = await retry.RunAsync(token => store.ListAsync(version, RepositoryLimits.MostFiles, token), cancellationToken);
        if (files.All(file => file.Path != ModelFile))
        {
            var what = files.Count == 0 ? $"There is no version {version} in {store.Address}" : $"Version {version} in {store.Address} holds no {ModelFile}";
            var others = await new VersionCatalog(store, retry).DescribeAsync(version, cancellationToken);
            throw new ModelRejectedException($"{what}. {others}");
        }

        var outside = files.FirstOrDefault(file => !RelativePath.IsInside(file.Path));
        Require(outside is null, $"holds '{outside?.Path}', which is not a path inside its folder");
        Require(files.Count <= RepositoryLimits.MostFiles, $"holds more than {RepositoryLimits.MostFiles} files");
        Require(files.Sum(file => file.Size) <= RepositoryLimits.MostBytes, $"is larger than {RepositoryLimits.MostBytes >> 30} GiB");
        return files;

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ModelRejectedException($"Version {version} in {store.Address} {what}; upload the model as a new version without that.");
            }
        }
    }

    private async Task<Manifest?> ReadManifestAsync(
        string version, IReadOnlyList<StoredFile> listed, string folder, CancellationToken cancellationToken)
    {
        if (listed.FirstOrDefault(file => file.Path == Manifest.FileName) is not { } stored)
        {
            return null;
        }

        if (stored.Size > RepositoryLimits.MostManifestBytes)
        {
            throw new ModelRejectedException(
                $"{Manifest.FileName} of version {version} in {store.Address} is larger than {RepositoryLimits.MostManifestBytes} bytes.");
        }

        await _downloader.DownloadAsync(version, [stored], folder, cancellationToken);
        return Manifest.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, Manifest.FileName), cancellationToken));
    }

    // Files that the manifest does not name are left where they are: nothing vouches for them.
    private List<StoredFile> Listed(string version, Manifest manifest, IReadOnlyList<StoredFile> listed)
    {
        var absent = manifest.Hashes.Keys.Except(listed.Select(file => file.Path), StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (absent is not null)
        {
            throw new ModelRejectedException(
                $"{Manifest.FileName} of version {version} in {store.Address} names {absent}, which is not there; upload it, or write the manifest again.");
        }

        return manifest.Hashes.ContainsKey(ModelFile)
            ? [.. listed.Where(file => manifest.Hashes.ContainsKey(file.Path))]
            : throw new ModelRejectedException(
                $"{Manifest.FileName} of version {version} in {store.Address} does not name {ModelFile}; write the manifest again over all files.");
    }

    private static async Task<Dictionary<string, string>> HashAsync(
        IReadOnlyList<StoredFile> files, string folder, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            await using var content = File.OpenRead(Path.Combine(folder, file.Path));
            hashes[file.Path] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }

        return hashes;
    }

    private string Verified(string version, Manifest manifest, Dictionary<string, string> hashes)
    {
        foreach (var (path, expected) in manifest.Hashes.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (hashes[path] != expected)
            {
                throw new ModelRejectedException(
                    $"{path} of version {version} in {store.Address} is not what {Manifest.FileName} says: expected sha256 {expected}, got {hashes[path]}. Upload the file again, or publish a new version.");
            }
        }

        return manifest.Digest;
    }

    private void RequireDigest(string version, string digest, string expected)
    {
        if (expected.Length > 0 && expected != digest)
        {
            throw new ModelRejectedException(
                $"Version {version} in {store.Address} has other bytes than were asked for: expected digest {expected}, got {digest}. Publish changed bytes as a new version, or set the digest to the new one.");
        }
    }
}

/// <summary>A version on disk, verified.</summary>
/// <param name="ModelFile">Path of its <c>model.onnx</c>.</param>
/// <param name="Digest"><c>sha256:…</c></param>
internal sealed record FetchedVersion(string ModelFile, string Digest);
