namespace Slipway.EndToEnd.Tests.Support;

/// <summary>One client that predicts without a pause, from its start to its disposal, which fails if a request did.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly Task _running;

    public Load(Uri service, string model)
    {
        _client = new() { BaseAddress = service };
        _running = Task.Run(() => RunAsync(model));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(string model)
    {
        try
        {
            while (true)
            {
                await Prediction.SendAsync(_client, model, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }
}
