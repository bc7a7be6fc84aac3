using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>One version on disk: its files, and beside them what storage said of them when they were downloaded.</summary>
internal sealed record CachedVersion(string Folder)
{
    public string Files => Path.Combine(Folder, "files");

    private string SourceFile => Path.Combine(Folder, "source.json");

    public string PathOf(string file) => Path.Combine(Files, file);

    /// <summary>Notes where the files came from, so that a later run can tell whether storage still holds the same.</summary>
    public void Remember(CacheSource source) => File.WriteAllBytes(SourceFile, JsonSerializer.SerializeToUtf8Bytes(source, CacheJson.Default.CacheSource));

    /// <summary>Notes that the version is in use, so that others are removed before it.</summary>
    public void Touch(TimeProvider clock) => Directory.SetLastWriteTimeUtc(Folder, clock.GetUtcNow().UtcDateTime);

    /// <returns>Whether the files came from there, as they are listed there now.</returns>
    public bool IsOf(CacheSource source)
    {
        try
        {
            var known = JsonSerializer.Deserialize(File.ReadAllBytes(SourceFile), CacheJson.Default.CacheSource);
            return known is { Files: not null } && known.Address == source.Address && known.Version == source.Version && known.Files.SequenceEqual(source.Files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // A note that cannot be read says nothing; the version is downloaded again.
            return false;
        }
    }

    /// <summary>
    /// Hashes every file anew. The digest vouches for all of them, so that nothing else on the disk has to be believed: neither times nor
    /// sizes nor notes.
    /// </summary>
    /// <returns>What is wrong; null when the files are those of <paramref name="digest"/>, no more and no less.</returns>
    public async Task<string?> FaultAsync(string digest, CancellationToken cancellationToken)
    {
        try
        {
            var files = new DirectoryInfo(Files).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Where(found => found is FileInfo || found.LinkTarget is not null).Take(RepositoryLimits.MostFiles + 2).ToList();
            if (files.Find(found => found.LinkTarget is not null) is { } link)
            {
                return $"{link.FullName} is a link";
            }

            var paths = files.Select(found => Path.GetRelativePath(Files, found.FullName)).ToList();
            var hashes = await FileHashes.OfAsync(Files, paths, cancellationToken);
            return Fault(digest, hashes, File.Exists(PathOf(Manifest.FileName)) ? await File.ReadAllBytesAsync(PathOf(Manifest.FileName), cancellationToken) : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    private static string? Fault(string digest, Dictionary<string, string> hashes, byte[]? manifest)
    {
        if (manifest is null)
        {
            return Manifest.Of(hashes).Digest == digest ? null : "its files are not those of its digest";
        }

        try
        {
            var listed = Manifest.Parse(manifest);
            hashes.Remove(Manifest.FileName);
            return listed.Digest != digest ? $"its {Manifest.FileName} is not the one of its digest"
                : listed.Hashes.FirstOrDefault(file => hashes.GetValueOrDefault(file.Key) != file.Value).Key is { } other ? $"{other} is not what {Manifest.FileName} says"
                : hashes.Keys.FirstOrDefault(path => !listed.Hashes.ContainsKey(path)) is { } more ? $"{more} is not in {Manifest.FileName}"
                : null;
        }
        catch (ModelRejectedException exception)
        {
            return exception.Message.TrimEnd('.');
        }
    }
}

/// <summary>Where a version came from: the address of its repository, and the files as storage listed them, ordered by path.</summary>
internal sealed record CacheSource(string Address, string Version, IReadOnlyList<StoredFile> Files)
{
    public static CacheSource Of(IModelStore store, string version, IEnumerable<StoredFile> files) =>
        new(store.Address, version, [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
}

[JsonSerializable(typeof(CacheSource))]
internal sealed partial class CacheJson : JsonSerializerContext;
