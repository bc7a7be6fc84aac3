using Microsoft.Extensions.Logging;

namespace Slipway.ModelServer.Configuration;

/// <summary>
/// Rereads the settings that need no restart. A file that is wrong or not there changes nothing: the last good settings stay in force. It is
/// looked at over and over, since Kubernetes changes a volume by swapping a link above the file, of which a watch on the file learns nothing.
/// </summary>
/// <param name="start">What holds where the file says nothing.</param>
internal sealed class LiveFile(string path, LiveSettings start, TimeSpan requestTimeout, LiveState state, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>Time from one look to the next; a kubelet takes far longer to bring a change.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private string? _seen;
    private Task _looking = Task.CompletedTask;

    /// <summary>Reads the file once, before it returns, and from then on whenever it has changed.</summary>
    public void Start()
    {
        Look();
        _looking = KeepLookingAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task KeepLookingAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Takes up what the file says now, if it has changed since it was last looked at.</summary>
    public void Look()
    {
        string text;
        try
        {
            text = ConfigFile.ReadText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Also seen for a moment while links are swapped.
            return;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _seen = null;
            Keep($"{path}: cannot be read: {exception.Message}");
            return;
        }

        if (text != _seen)
        {
            _seen = text;
            Take(text);
        }
    }

    private void Take(string text)
    {
        var errors = new List<string>();
        var warnings = new List<string>();
        var config = ConfigFile.Parse(text, path, ConfigFile.LiveKeys, errors, warnings);
        var next = ServingCheck.Live(config, start, requestTimeout, (holds, field, message) =>
        {
            if (!holds)
            {
                errors.Add($"{path}: {field}: {message}");
            }
        });
        warnings.ForEach(warning => Log.PassedOver(logger, warning));
        if (errors.Count > 0)
        {
            Keep(string.Join(' ', errors.Select(error => $"{error}.")));
            return;
        }

        state.Trouble = "";
        if (next != state.Current)
        {
            state.Current = next;
            Log.LiveSettings(logger, next.MaxConcurrency, next.MaxDelay, next.SlowThreshold, next.RequestLog);
        }
    }

    private void Keep(string why)
    {
        var trouble = $"{why} The last good live settings stay in force; correct the file.";
        if (state.Trouble != trouble)
        {
            state.Trouble = trouble;
            Log.LiveTrouble(logger, trouble);
        }
    }
}
