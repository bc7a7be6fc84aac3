using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>Copies files from storage to disk in parallel ranges, each resumed where it broke off. Memory is bounded by <see cref="RepositoryLimits"/>.</summary>
internal sealed class Downloader(IModelStore store, StorageRetry retry, TimeProvider clock)
{
    /// <exception cref="StoreException">A file went away or changed meanwhile.</exception>
    public async Task DownloadAsync(string version, IReadOnlyList<StoredFile> files, string folder, CancellationToken cancellationToken)
    {
        var open = new Dictionary<string, SafeFileHandle>(StringComparer.Ordinal);
        try
        {
            foreach (var file in files)
            {
                open[file.Path] = Create(Path.Combine(folder, file.Path), file.Size);
            }

            await Parallel.ForEachAsync(
                files.SelectMany(Ranges),
                new ParallelOptions { MaxDegreeOfParallelism = RepositoryLimits.ParallelRanges, CancellationToken = cancellationToken },
                async (range, token) => await CopyAsync(version, range, open[range.File.Path], token));
        }
        finally
        {
            foreach (var handle in open.Values)
            {
                handle.Dispose();
            }
        }
    }

    private static SafeFileHandle Create(string path, long size)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, size);
    }

    private static IEnumerable<Range> Ranges(StoredFile file)
    {
        var step = file.InRanges ? RepositoryLimits.RangeBytes : file.Size;
        for (long offset = 0; offset < file.Size; offset += step)
        {
            yield return new Range(file, offset, Math.Min(step, file.Size - offset));
        }
    }

    private async Task CopyAsync(string version, Range range, SafeFileHandle target, CancellationToken cancellationToken)
    {
        long done = 0;
        await retry.RunAsync(
            async token =>
            {
                using var stall = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, token);
                await using var source = await store.OpenAsync(version, range.File, range.Offset + done, range.Length - done, token);
                var buffer = ArrayPool<byte>.Shared.Rent(RepositoryLimits.BufferBytes);
                try
                {
                    while (done < range.Length)
                    {
                        var want = (int)Math.Min(buffer.Length, range.Length - done);
                        stall.CancelAfter(RepositoryLimits.StallLimit);
                        var read = await ReadAsync(version, source, buffer.AsMemory(0, want), range, done, either.Token, token);
                        stall.CancelAfter(Timeout.InfiniteTimeSpan);
                        await RandomAccess.WriteAsync(target, buffer.AsMemory(0, read), range.Offset + done, token);
                        done += read;
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }

                return true;
            },
            () => done,
            cancellationToken);
    }

    private async Task<int> ReadAsync(
        string version, Stream source, Memory<byte> buffer, Range range, long done, CancellationToken stallOrStop, CancellationToken cancellationToken)
    {
        try
        {
            var read = await source.ReadAsync(buffer, stallOrStop);
            return read > 0 ? read : throw BrokeOff("the answer ended early", null);
        }
        catch (Exception exception) when (exception is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            var stalled = stallOrStop.IsCancellationRequested;
            throw BrokeOff(stalled ? $"no byte came for {RepositoryLimits.StallLimit.TotalSeconds:0} seconds" : exception.Message.TrimEnd('.'), exception);
        }

        StoreException BrokeOff(string why, Exception? inner) => new(
            StoreTrouble.Transient,
            $"The download of {store.Address}/{version}/{range.File.Path} broke off at byte {range.Offset + done} of {range.File.Size}: {why}.",
            inner);
    }

    private sealed record Range(StoredFile File, long Offset, long Length);
}
