using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Slipway.ModelServer.Repository;

/// <summary>SHA-256 of files, as many at a time as there are processors.</summary>
internal static class FileHashes
{
    /// <returns>Lower-case hex by relative path.</returns>
    public static async Task<Dictionary<string, string>> OfAsync(string folder, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var hashes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (path, token) =>
            {
                await using var content = new FileStream(
                    Path.Combine(folder, path), FileMode.Open, FileAccess.Read, FileShare.Read, RepositoryLimits.BufferBytes, FileOptions.SequentialScan);
                hashes[path] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, token));
            });
        return new Dictionary<string, string>(hashes, StringComparer.Ordinal);
    }
}
