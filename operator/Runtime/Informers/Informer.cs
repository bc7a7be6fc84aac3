using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>
/// Keeps the cache of one kind equal to the API server and tells its subscribers of every change, in order. One exists per type
/// and host; resolve it from the services for raw events, or <see cref="IObjectStore{T}"/> to read.
/// </summary>
public sealed class Informer<T> : IInformer
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private readonly ObjectStore<T> _store;
    private readonly ObjectDecoder<T> _decoder;
    private readonly Reflector<T>[] _reflectors;
    private readonly HashSet<string> _unlisted;
    private readonly ILogger<Informer<T>> _logger;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Subscription[] _subscriptions = [];
    private volatile bool _installed = true;

    internal Informer(
        ApiClient api, IOptions<KubernetesRuntimeOptions> options, TimeProvider clock, ILogger<Informer<T>> logger, string labelSelector, bool optional)
    {
        _logger = logger;
        _store = new(options.Value.IndexedLabels);
        Kind = ResourceKind.Of<T>();
        _decoder = new(Kind, logger);
        IReadOnlyList<string> namespaces = Kind.Namespaced && options.Value.Namespaces.Count > 0 ? [.. options.Value.Namespaces.Distinct()] : [""];
        _unlisted = [.. namespaces];
        _reflectors = [.. namespaces.Select(@namespace => new Reflector<T>(
            new(api, Kind, @namespace, labelSelector, options.Value, clock), this, optional, options.Value, clock, logger))];
    }

    public IObjectStore<T> Store => _store;

    /// <summary>True once the first list, of every namespace, was read whole, or the kind was found not to be installed.</summary>
    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>False while the API server says that it does not know the kind.</summary>
    public bool Installed => _installed;

    InformerState IInformer.State => new(Kind.Resource, HasSynced, Installed, _store.Count);

    internal ResourceKind Kind { get; }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Calls <paramref name="handler"/> with every object of the cache as <see cref="InformerEventType.Added"/>, then with every
    /// change. Calls come one at a time, after the store holds the change, on the informer's own loops: a handler only notes what
    /// happened (a queue, a channel) and returns. What it throws is logged. Dispose the answer to end the calls.
    /// </summary>
    public IDisposable Subscribe(Action<InformerEvent<T>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Subscribe(handler, null);
    }

    /// <param name="listed">Called with the namespace (empty for all) and the resourceVersion of every whole list, once the cache holds what it has.</param>
    internal IDisposable Subscribe(Action<InformerEvent<T>> handler, Action<string, string>? listed)
    {
        var subscription = new Subscription(this, handler, listed);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
            foreach (var entity in _store.List())
            {
                subscription.Changed(new(InformerEventType.Added, null, entity));
            }
        }

        return subscription;
    }

    Task IInformer.RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_reflectors.Select(reflector => reflector.RunAsync(cancellationToken)));

    /// <summary>Makes the cache equal to a whole list. Called with every item of it; unreadable ones keep what the cache has of them.</summary>
    /// <param name="namespace">That was listed; empty for all.</param>
    /// <param name="version">Of the list; null when the API server does not know the kind: then neither does any object of it exist.</param>
    internal void Replace(string @namespace, IReadOnlyCollection<T> listed, IReadOnlySet<ObjectKey> unreadable, string? version)
    {
        // Before the cache is emptied, and true again after it was filled: in between it tells nothing of what it lacks.
        if (version is null)
        {
            _installed = false;
        }

        lock (_gate)
        {
            var gone = _store.Keys.Where(key => @namespace.Length == 0 || key.Namespace == @namespace).ToHashSet();
            gone.ExceptWith(unreadable);
            foreach (var entity in listed)
            {
                gone.Remove(entity.Key());
                Set(entity);
            }

            foreach (var key in gone)
            {
                Remove(key, null);
            }

            if (version is not null)
            {
                foreach (var subscription in _subscriptions)
                {
                    subscription.Listed(@namespace, version);
                }

                _installed = true;
            }

            _unlisted.Remove(@namespace);
            if (_unlisted.Count > 0)
            {
                return;
            }
        }

        _synced.TrySetResult();
    }

    internal T? Decode(JsonElement json) => _decoder.Decode(json);

    internal void Apply(WatchEvent change)
    {
        lock (_gate)
        {
            if (change.Type == "DELETED")
            {
                var key = ObjectDecoder<T>.KeyOf(change.Object);
                Remove(key, _decoder.Decode(change.Object));
                _decoder.Forget(key);
            }
            else if (_decoder.Decode(change.Object) is { } entity)
            {
                Set(entity);
            }
        }
    }

    private void Set(T entity)
    {
        if (_store.Get(entity.Key())?.Metadata.ResourceVersion == entity.Metadata.ResourceVersion)
        {
            return;
        }

        var old = _store.Set(entity);
        if (old is not null && old.Metadata.Uid != entity.Metadata.Uid)
        {
            // Deleted and made again between two looks: two objects, so two events.
            Raise(new(InformerEventType.Deleted, old, null));
            old = null;
        }

        Raise(new(old is null ? InformerEventType.Added : InformerEventType.Updated, old, entity));
    }

    private void Remove(ObjectKey key, T? last)
    {
        if (_store.Remove(key) is { } old)
        {
            Raise(new(InformerEventType.Deleted, last ?? old, null));
        }
    }

    private void Raise(InformerEvent<T> change)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Changed(change);
        }
    }

    private sealed class Subscription(Informer<T> informer, Action<InformerEvent<T>> handler, Action<string, string>? listed) : IDisposable
    {
        public void Listed(string @namespace, string version) => listed?.Invoke(@namespace, version);

        public void Changed(InformerEvent<T> change)
        {
            try
            {
                handler(change);
            }
            catch (Exception exception)
            {
                // A subscriber's fault must not cost the others their events.
                Log.HandlerFailed(informer._logger, informer.Kind.Resource, change.Object.Key(), exception);
            }
        }

        public void Dispose()
        {
            lock (informer._gate)
            {
                informer._subscriptions = [.. informer._subscriptions.Where(known => known != this)];
            }
        }
    }
}
