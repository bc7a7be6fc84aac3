using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>
/// Asks the API server for its groups, and for the kinds of those that somebody is interested in, at an interval. Counts as one more cache of
/// the host: controllers start once it was asked.
/// </summary>
internal sealed class ApiDiscovery(
    ApiClient api, IEnumerable<DiscoveredApi> apis, IOptions<KubernetesRuntimeOptions> options, TimeProvider clock, ILogger<ApiDiscovery> logger)
    : IApiDiscovery, IInformer
{
    private readonly ImmutableArray<string> _interests = [.. apis.Select(interest => interest.Name).Distinct(StringComparer.Ordinal)];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Action? _changed;
    private ImmutableHashSet<string>? _served;
    private bool _failing;

    public InformerState State => new("apis", _asked.Task.IsCompleted, Installed: true, Volatile.Read(ref _served)?.Count ?? 0);

    public bool Serves(string api) => _interests.Contains(api)
        ? Volatile.Read(ref _served)?.Contains(api) ?? true
        : throw new InvalidOperationException($"No controller discovers \"{api}\": add .Discovers(\"{api}\") where it is registered.");

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _asked.Task.WaitAsync(cancellationToken);

    /// <summary>Calls <paramref name="handler"/> after each answer that differs from the one before.</summary>
    public IDisposable Subscribe(Action handler)
    {
        lock (_gate)
        {
            _changed += handler;
        }

        return new Subscription(this, handler);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.DiscoveryInterval, clock);
        try
        {
            do
            {
                await AskAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            Found(await ServedAsync(cancellationToken));
            _failing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What was known stays: an API server that cannot answer has lost no kind.
            if (!_failing)
            {
                Log.DiscoveryFailed(logger, exception.Message);
            }

            _failing = true;
        }

        _asked.TrySetResult();
    }

    private void Found(ImmutableHashSet<string> served)
    {
        var before = Interlocked.Exchange(ref _served, served);
        if (before?.SetEquals(served) == true)
        {
            return;
        }

        if (before is not null)
        {
            Log.ApisChanged(logger, served);
        }

        lock (_gate)
        {
            _changed?.Invoke();
        }
    }

    private async Task<ImmutableHashSet<string>> ServedAsync(CancellationToken cancellationToken)
    {
        var groups = await api.SendAsync(HttpMethod.Get, "apis", null, ApiClient.Json, cancellationToken);
        var known = groups.GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("versions").EnumerateArray()
                .Select(version => version.GetProperty("groupVersion").GetString()!).Prepend(group.GetProperty("name").GetString()!))
            .ToHashSet(StringComparer.Ordinal);
        var served = _interests.Where(known.Contains).ToImmutableHashSet(StringComparer.Ordinal);
        foreach (var kind in _interests.Where(interest => interest.Count(letter => letter == '/') == 2))
        {
            var version = kind[..kind.LastIndexOf('/')];
            if (known.Contains(version) && await HasAsync(version, kind[(version.Length + 1)..], cancellationToken))
            {
                served = served.Add(kind);
            }
        }

        return served;
    }

    private async Task<bool> HasAsync(string version, string plural, CancellationToken cancellationToken) =>
        await api.FindAsync($"apis/{version}", cancellationToken) is { } list
        && list.GetProperty("resources").EnumerateArray().Any(resource => resource.GetProperty("name").ValueEquals(plural));

    private sealed class Subscription(ApiDiscovery discovery, Action handler) : IDisposable
    {
        public void Dispose()
        {
            lock (discovery._gate)
            {
                discovery._changed -= handler;
            }
        }
    }
}

/// <summary>One API that a controller is interested in.</summary>
internal sealed record DiscoveredApi(string Name);
