using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>
/// The endless loop behind an informer: list, watch from there, resume after a break, list again when the server no longer knows where
/// we were (410) or the watch keeps failing. It ends only when cancelled.
/// </summary>
internal sealed class Reflector<T>(
    ListWatch source, Informer<T> informer, bool optional, KubernetesRuntimeOptions options, TimeProvider clock, ILogger logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A server that came back with an older state refuses our version in other words than 410.</summary>
    private const int WatchFailuresBeforeList = 3;

    /// <summary>A proxy on the way may answer 404 while the API server starts; a filled cache is not emptied for that.</summary>
    private const int NotFoundBeforeMissing = 3;

    /// <summary>Objects of a size that nobody expects would take many steps otherwise.</summary>
    private const int SmallerPages = 4;

    private readonly JitteredBackoff _backoff = new(options.InformerBackoffBase, options.InformerBackoffCap, clock, Random.Shared);
    private readonly ReflectorHealth _health = new(informer.Kind, optional, logger);
    private string? _version;
    private bool _paged = true;
    private int _pageSize = options.PageSize;
    private int _watchFailures;
    private int _notFound;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _version ??= await ListAsync(cancellationToken);
                if (await WatchAsync(_version, cancellationToken))
                {
                    continue;
                }
            }
            catch (Exception exception)
            {
                // What a stop breaks is no failure, whatever it is called.
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                Judge(exception);
            }

            await _backoff.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var listed = new List<T>();
        var unreadable = new HashSet<ObjectKey>();
        var version = await source.ListAsync(_paged ? _pageSize : null, json =>
        {
            if (informer.Decode(json) is { } entity)
            {
                listed.Add(entity);
            }
            else
            {
                unreadable.Add(ObjectDecoder<T>.KeyOf(json));
            }
        }, cancellationToken);

        informer.Replace(source.Namespace, listed, unreadable, version);
        _health.Good();
        _paged = true;
        _watchFailures = 0;
        _notFound = 0;
        return version;
    }

    /// <summary>True when the watch was of use, so that the next may be opened at once.</summary>
    private async Task<bool> WatchAsync(string version, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await foreach (var change in source.WatchAsync(version, cancellationToken))
        {
            if (change.Type != "BOOKMARK")
            {
                informer.Apply(change);
            }

            _version = ObjectDecoder<T>.VersionOf(change.Object);
            _watchFailures = 0;
            _notFound = 0;
            _backoff.Reset();
            _health.Good();
        }

        Log.WatchEnded(logger, informer.Kind.Resource, _version!);
        var wasOfUse = _version != version || clock.GetElapsedTime(started) >= TimeSpan.FromSeconds(1);
        if (wasOfUse)
        {
            _watchFailures = 0;
            _backoff.Reset();
        }

        return wasOfUse;
    }

    private void Judge(Exception exception)
    {
        switch (exception)
        {
            case ApiException { Status: HttpStatusCode.Gone } when _version is null:
                // The continue token ran out before the last page: the next list must not depend on one.
                _paged = false;
                break;
            case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } when _version is null && (!_paged || _pageSize > 1):
                _pageSize = _paged ? Math.Max(1, _pageSize / SmallerPages) : _pageSize;
                _paged = true;
                Log.PageTooLarge(logger, informer.Kind.Resource, _pageSize);
                break;
            case ApiException { Status: HttpStatusCode.Gone }:
                Log.VersionExpired(logger, informer.Kind.Resource, _version);
                _version = null;
                break;
            case ApiException { Status: HttpStatusCode.NotFound } when !informer.HasSynced || !informer.Installed || ++_notFound >= NotFoundBeforeMissing:
                _health.Missing();
                _version = null;
                informer.Replace(source.Namespace, [], new HashSet<ObjectKey>(), version: null);
                break;
            case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }:
            case ApiException { Status: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable }:
                // Nobody looked at our version. To list everything again would only add to what the server has to do when it is back.
                _health.Bad(exception);
                break;
            default:
                _health.Bad(exception);
                _version = ++_watchFailures < WatchFailuresBeforeList ? _version : null;
                break;
        }
    }
}
