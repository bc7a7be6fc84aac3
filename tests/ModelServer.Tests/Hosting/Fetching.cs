using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>The load flow up to a verified version on disk, with everything that it said.</summary>
internal sealed class Fetching : ILogger
{
    private readonly ConcurrentQueue<string> _said = new();

    /// <summary>Everything that was logged or told, in order.</summary>
    public IReadOnlyList<string> Said => [.. _said];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called with each sentence that tells trouble.</summary>
    public Action<string> OnTrouble { get; init; } = static _ => { };

    public long CacheBytes { get; init; } = long.MaxValue;

    public Func<long>? FreeBytes { get; init; }

    /// <summary>Opens the store that the settings name and fetches their version.</summary>
    public async Task<FetchedVersion> FetchAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        using var store = ModelStores.Open(settings, Clock);
        return await FetchAsync(store, settings, cancellationToken);
    }

    public async Task<FetchedVersion> FetchAsync(IModelStore store, ServerSettings settings, CancellationToken cancellationToken)
    {
        using var cache = CacheFolder.Open(settings.CacheDirectory, CacheBytes, FreeBytes);
        return await new VersionFetcher(store, cache, new StorageRetry(Tell, Clock, this), Clock, this).FetchAsync(settings.Version, () => new(settings.Digest), cancellationToken);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _said.Enqueue(formatter(state, exception));

    private void Tell(string sentence)
    {
        if (sentence.Length > 0)
        {
            _said.Enqueue(sentence);
            OnTrouble(sentence);
        }
    }
}
