using System.Text.Json.Nodes;
using Slipway.DevCluster.Tests.Contract.Comparison;

namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>An open watch, read in the background into a list until the server ends it or it is closed.</summary>
internal sealed class WatchStream : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private readonly HttpResponseMessage _response;
    private readonly List<JsonNode> _events = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _reading;

    private WatchStream(HttpResponseMessage response)
    {
        _response = response;
        _reading = ReadAsync(_closed.Token);
    }

    public static WatchStream Read(HttpResponseMessage response) => new(response);

    /// <summary>Waits until the server has ended the stream.</summary>
    public async Task<Answer> EndedAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        return Seen();
    }

    /// <summary>
    /// Waits for <paramref name="count"/> events (at most 15 seconds), then for a short silence in which an event too many would show.
    /// </summary>
    public async Task<Answer> HasAsync(int count, CancellationToken cancellationToken)
    {
        while (Compared() < count && !_reading.IsCompleted && await _arrived.WaitAsync(Limit, cancellationToken))
        {
        }

        while (!_reading.IsCompleted && await _arrived.WaitAsync(Quiet, cancellationToken))
        {
        }

        return Seen();
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _reading;
        _response.Dispose();
        _closed.Dispose();
        _arrived.Dispose();
    }

    private int Compared()
    {
        lock (_events)
        {
            return WatchComparer.Count(_events);
        }
    }

    private Answer Seen()
    {
        lock (_events)
        {
            return ContractClient.ToAnswer(_response, "", [.. _events]);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using StreamReader reader = new(await _response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                lock (_events)
                {
                    _events.Add(JsonNode.Parse(line)!);
                }

                _arrived.Release();
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Closed by the replay: what was read is all there is to compare.
        }
    }
}
