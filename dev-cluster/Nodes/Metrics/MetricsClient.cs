namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>Asks pods for their metrics.</summary>
internal sealed class MetricsClient(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <exception cref="HttpRequestException">No answer, or another than 200.</exception>
    /// <exception cref="InvalidDataException">More than is taken from one pod.</exception>
    /// <exception cref="TimeoutException">No whole answer within 2 seconds.</exception>
    public async Task<Scrape> ReadAsync(Uri address, IReadOnlySet<string> names, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            response.EnsureSuccessStatusCode();
            var time = clock.GetUtcNow();
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await Scrape.ReadAsync(body, names, time, either.Token);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{address} did not answer within {Limit.TotalSeconds} s", exception);
        }
    }

    public void Dispose() => _http.Dispose();
}
