using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>
/// Asks the API server for its groups, and for the kinds of those that somebody is interested in, at an interval. Counts as one more cache of
/// the host: controllers start once it was asked. An API that comes is believed at once, and one that goes when two answers in a row lack it: an
/// API server that has only just begun does not tell of all that it has. A write that found no such kind is such an answer, too, and has the next
/// question asked at once.
/// </summary>
internal sealed class ApiDiscovery(
    ApiClient api, IEnumerable<DiscoveredApi> apis, IOptions<KubernetesRuntimeOptions> options, TimeProvider clock, ILogger<ApiDiscovery> logger)
    : IApiDiscovery, IInformer
{
    /// <summary>The second look comes after this part of the interval.</summary>
    private const int SoonerInDoubt = 3;

    /// <summary>Between two questions, however many writes find no such kind.</summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(200);

    private readonly ImmutableArray<string> _interests = [.. apis.Select(interest => interest.Name).Distinct(StringComparer.Ordinal)];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Action? _changed;
    private TaskCompletionSource _doubting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableHashSet<string> _doubted = [];
    private ImmutableHashSet<string> _missing = [];
    private ImmutableHashSet<string> _unanswered = [];
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

    /// <summary>A write of this kind was answered as if there were no such kind. Nobody has to be interested in it.</summary>
    public void Doubt(ResourceKind kind)
    {
        var api = $"{kind.ApiVersion}/{kind.Plural}";
        lock (_gate)
        {
            if (Volatile.Read(ref _served)?.Contains(api) == true)
            {
                _doubted = _doubted.Add(api);
                _doubting.TrySetResult();
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var interval = options.Value.DiscoveryInterval;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await AskAsync(cancellationToken);
                var wait = _missing.IsEmpty && _unanswered.IsEmpty ? interval : interval / SoonerInDoubt;
                var least = wait < LeastWait ? wait : LeastWait;
                await Task.Delay(least, clock, cancellationToken);
                await _doubting.Task.WaitAsync(wait - least, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        _unanswered = _unanswered.Union(TakeDoubts());
        try
        {
            Found(await ServedAsync(cancellationToken), _unanswered);
            _unanswered = [];
            _failing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What was known stays: an API server that cannot answer has lost no kind, and the answers around this one are not in a row.
            _missing = [];
            if (!_failing)
            {
                Log.DiscoveryFailed(logger, exception.Message);
            }

            _failing = true;
        }

        _asked.TrySetResult();
    }

    /// <summary>Those from before the question: one that comes while it is asked may be newer than its answer.</summary>
    private ImmutableHashSet<string> TakeDoubts()
    {
        lock (_gate)
        {
            var doubted = _doubted;
            (_doubted, _doubting) = ([], new(TaskCreationOptions.RunContinuationsAsynchronously));
            return doubted;
        }
    }

    private void Found(ImmutableHashSet<string> answer, ImmutableHashSet<string> doubted)
    {
        var before = _served;
        var missing = (before ?? []).Except(answer);
        var served = answer.Union(missing.Except(_missing).Except(doubted));
        _missing = missing.Intersect(served);
        Volatile.Write(ref _served, served);
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

    private async Task<bool> HasAsync(string version, string plural, CancellationToken cancellationToken)
    {
        try
        {
            return await api.FindAsync($"apis/{version}", cancellationToken) is { } list
                && list.GetProperty("resources").EnumerateArray().Any(resource => resource.GetProperty("name").ValueEquals(plural));
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.ServiceUnavailable)
        {
            // The group is there, and who serves it is away; its kinds are those that it had.
            return Serves($"{version}/{plural}");
        }
    }

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
