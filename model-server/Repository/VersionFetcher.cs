using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Brings one version from storage to disk, and lets nothing through that is not what its manifest and its digest say. What an earlier
/// run brought is used again when storage still holds the same and every byte on disk still is what it was.
/// </summary>
internal sealed class VersionFetcher(IModelStore store, CacheFolder cache, StorageRetry retry, TimeProvider clock, ILogger logger)
{
    private readonly Downloader _downloader = new(store, retry, clock);
    private readonly VersionListing _listing = new(store, retry);

    /// <summary>Downloads, verifies and moves into place, or finds it there.</summary>
    /// <param name="expected">Asked whenever a digest is known: what is expected may become known during a long download.</param>
    /// <exception cref="ModelRejectedException">The version is not there, or its bytes are not the ones expected.</exception>
    /// <exception cref="IOException">The disk is full, or the cache cannot be written.</exception>
    public async Task<FetchedVersion> FetchAsync(string version, Func<ExpectedDigest> expected, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await _listing.ReadAsync(version, cancellationToken);
            var incoming = cache.NewIncoming();
            var manifest = await ReadManifestAsync(version, listed, incoming, cancellationToken);
            var wanted = manifest is null ? listed : await _listing.NamedAsync(version, manifest, listed, cancellationToken);
            var source = CacheSource.Of(store, version, wanted);
            var known = manifest?.Digest ?? cache.All().FirstOrDefault(entry => entry.Version.IsOf(source)).Digest;
            if (known is not null)
            {
                RequireDigest(version, known, expected());
                if (await FindAsync(known, cancellationToken) is { } found)
                {
                    return found;
                }
            }

            return await DownloadAsync(source, manifest, incoming, expected, cancellationToken);
        }
        catch (StoreException exception) when (!exception.MayPass)
        {
            throw new ModelRejectedException(exception.Message, exception);
        }
    }

    private async Task<Manifest?> ReadManifestAsync(
        string version, IReadOnlyList<StoredFile> listed, CachedVersion incoming, CancellationToken cancellationToken)
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

        await _downloader.DownloadAsync(version, [stored], incoming.Files, cancellationToken);
        return Manifest.Parse(await File.ReadAllBytesAsync(incoming.PathOf(Manifest.FileName), cancellationToken));
    }

    private async Task<FetchedVersion?> FindAsync(string digest, CancellationToken cancellationToken)
    {
        if (cache.Find(digest) is not { } cached)
        {
            return null;
        }

        if (await cached.FaultAsync(digest, cancellationToken) is { } fault)
        {
            Log.CacheDamaged(logger, digest, fault);
            cache.Forget(digest);
            return null;
        }

        cached.Touch(clock);
        Log.FoundInCache(logger, digest);
        return new FetchedVersion(cached.PathOf(VersionListing.ModelFile), digest);
    }

    private async Task<FetchedVersion> DownloadAsync(
        CacheSource source, Manifest? manifest, CachedVersion incoming, Func<ExpectedDigest> expected, CancellationToken cancellationToken)
    {
        var version = source.Version;
        cache.MakeRoom(source.Files.Sum(file => file.Size));
        await _downloader.DownloadAsync(version, source.Files, incoming.Files, cancellationToken);
        var hashes = await FileHashes.OfAsync(incoming.Files, source.Files.Select(file => file.Path), cancellationToken);
        var digest = manifest is null ? Manifest.Of(hashes).Digest : Verified(version, manifest, hashes);
        RequireDigest(version, digest, expected());
        incoming.Remember(source);
        var placed = cache.Place(incoming, digest);
        placed.Touch(clock);
        return new FetchedVersion(placed.PathOf(VersionListing.ModelFile), digest);
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

    private void RequireDigest(string version, string digest, ExpectedDigest expected)
    {
        if (expected.Value.Length == 0 || expected.Value == digest)
        {
            return;
        }

        throw expected.WasServed
            ? new DigestChangedException(
                $"Version {version} in {store.Address} has other bytes than when it was served first: its digest was {expected.Value} and is {digest}. Publish changed bytes as a new version, put the old ones back, or set the model's digest to the new one.")
            : new ModelRejectedException(
                $"Version {version} in {store.Address} has other bytes than were asked for: expected digest {expected.Value}, got {digest}. Publish changed bytes as a new version, or set the digest to the new one.");
    }
}

/// <summary>Which bytes may be loaded.</summary>
/// <param name="Value"><c>sha256:…</c>; empty accepts any bytes.</param>
/// <param name="WasServed">Nobody asked for it, but the version had it when it was served first.</param>
internal readonly record struct ExpectedDigest(string Value, bool WasServed = false);

/// <summary>A version on disk, verified.</summary>
/// <param name="ModelFile">Path of its <c>model.onnx</c>.</param>
/// <param name="Digest"><c>sha256:…</c></param>
internal sealed record FetchedVersion(string ModelFile, string Digest);
