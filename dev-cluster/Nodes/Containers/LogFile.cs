using System.Globalization;
using System.Text;

namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>The log of one run of a container: one file of at most <paramref name="maxBytes"/>, and the one that was full before it.</summary>
internal sealed class LogFile(string path, long maxBytes, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private FileStream? _stream;
    private volatile TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Path { get; } = path;

    /// <summary>The full file that <see cref="Path"/> followed; need not exist.</summary>
    public string Older => Path + ".1";

    /// <summary>True once the run is over and nothing more will be written.</summary>
    public bool Closed { get; private set; }

    /// <summary>Completes at the next line, or when the log is closed.</summary>
    public Task NextWrite => Closed ? Task.CompletedTask : _written.Task;

    public async ValueTask WriteAsync(string stream, string text, CancellationToken cancellationToken)
    {
        var time = clock.GetUtcNow().ToString(LogLine.TimeFormat, CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes($"{time} {stream} F {text}\n");
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_stream is not null && _stream.Length + bytes.Length > maxBytes)
            {
                await _stream.DisposeAsync();
                File.Move(Path, Older, overwrite: true);
                _stream = null;
            }

            _stream ??= new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            await _stream.WriteAsync(bytes, cancellationToken);
            await _stream.FlushAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            Closed = true;
            await (_stream?.DisposeAsync() ?? default);
        }
        finally
        {
            _gate.Release();
        }

        Pulse();
    }

    private void Pulse() =>
        Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
