using System.Globalization;
using System.Text;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.Nodes.Containers;

namespace Slipway.DevCluster.Nodes;

/// <summary>Copies a container's log to a client.</summary>
internal static class LogReader
{
    private const int BlockBytes = 16 * 1024;

    public static async Task CopyAsync(LogFile log, PodLogRequest request, Stream output, CancellationToken cancellationToken)
    {
        var left = request.LimitBytes ?? long.MaxValue;
        var next = log.NextWrite;
        await using var file = Open(log.Path);
        var lines = new LineBuffer();
        foreach (var line in Wanted(log, file, lines, request))
        {
            left = await SendAsync(line, request, output, left, cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
        while (request.Follow && left > 0)
        {
            await next.WaitAsync(cancellationToken);
            // Taken before the read, so that a line written in between is not slept over.
            next = log.NextWrite;
            var closed = log.Closed;
            foreach (var line in file is null ? [] : lines.Read(file))
            {
                left = await SendAsync(line, request, output, left, cancellationToken);
            }

            await output.FlushAsync(cancellationToken);
            if (closed)
            {
                return;
            }
        }
    }

    private static IEnumerable<string> Wanted(LogFile log, FileStream? file, LineBuffer lines, PodLogRequest request)
    {
        var older = File.Exists(log.Older) ? File.ReadLines(log.Older) : [];
        var all = older.Concat(file is null ? [] : lines.Read(file));
        if (request.Since is { } since)
        {
            all = all.Where(line => DateTimeOffset.TryParse(LogLine.Time(line), CultureInfo.InvariantCulture, out var time) && time >= since);
        }

        return request.TailLines is { } tail ? all.TakeLast((int)Math.Min(int.MaxValue, tail)) : all;
    }

    private static FileStream? Open(string path) =>
        File.Exists(path) ? new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;

    private static async Task<long> SendAsync(string line, PodLogRequest request, Stream output, long left, CancellationToken cancellationToken)
    {
        var text = LogLine.Text(line) + "\n";
        var bytes = Encoding.UTF8.GetBytes(request.Timestamps ? $"{LogLine.Time(line)} {text}" : text);
        var count = (int)Math.Min(left, bytes.Length);
        await output.WriteAsync(bytes.AsMemory(0, count), cancellationToken);
        return left - count;
    }

    /// <summary>Whole lines of a growing file; a line that is not finished waits for the next read.</summary>
    private sealed class LineBuffer
    {
        private readonly List<byte> _rest = [];

        public IEnumerable<string> Read(FileStream file)
        {
            var block = new byte[BlockBytes];
            int count;
            while ((count = file.Read(block)) > 0)
            {
                for (var at = 0; at < count; at++)
                {
                    if (block[at] != '\n')
                    {
                        _rest.Add(block[at]);
                        continue;
                    }

                    yield return Encoding.UTF8.GetString([.. _rest]);
                    _rest.Clear();
                }
            }
        }
    }
}
