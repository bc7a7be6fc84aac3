using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>Creates an Event, or counts up the one that said the same before. One caller at a time.</summary>
internal sealed class EventSink(ApiClient api, KubernetesRuntimeOptions options, TimeProvider clock)
{
    /// <summary>As long as API servers keep events by default.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);
    private const int MaxKnown = 4096;
    private const int MaxNameLength = 253;

    private static readonly ResourceKind EventKind = new("", "v1", "Event", "events", Namespaced: true);

    private readonly Dictionary<RecordedEvent, Known> _known = [];
    private long _lastTicks;

    /// <summary>Names the Event that may have to be made, once for all attempts: a second attempt meets what the first one made.</summary>
    public EventDelivery Address(RecordedEvent recorded, DateTimeOffset at)
    {
        var about = recorded.About.Key;
        return new(recorded, at, new(about.Namespace.Length == 0 ? "default" : about.Namespace, NameFor(about.Name)));
    }

    /// <summary>Throws when the Event could not be written; the caller may try the same delivery again.</summary>
    public async Task WriteAsync(EventDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAsync(delivery, cancellationToken);
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Conflict && delivery.MayHaveArrived)
        {
            // What is in the way is the work of the attempt that was not answered. Its version is not known, so that the next equal event is made anew.
            _known.Remove(delivery.Event);
        }
        catch (Exception exception) when (exception is not ApiException { Status: < HttpStatusCode.InternalServerError })
        {
            delivery.MayHaveArrived = true;
            throw;
        }
    }

    private async Task DeliverAsync(EventDelivery delivery, CancellationToken cancellationToken)
    {
        var (recorded, at) = (delivery.Event, delivery.At);
        if (_known.TryGetValue(recorded, out var known)
            && at - known.Last < Memory
            && await CountUpAsync(known, delivery, cancellationToken) is { } version)
        {
            _known[recorded] = new(known.Key, version, known.Count + 1, at);
            return;
        }

        var created = await CreateAsync(delivery, cancellationToken);
        Forget();
        _known[recorded] = created;
    }

    /// <summary>The Event's new version; null when it is no longer there, or not as it was left.</summary>
    private async Task<string?> CountUpAsync(Known known, EventDelivery delivery, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = known.Version },
            ["count"] = known.Count + 1,
            ["lastTimestamp"] = Time(delivery.At),
        };
        try
        {
            return Version(await api.SendAsync(HttpMethod.Patch, EventKind.ObjectPath(known.Key) + Manager(), patch, ApiClient.MergePatch, cancellationToken));
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.NotFound || (exception.Status == HttpStatusCode.Conflict && !delivery.MayHaveArrived))
        {
            return null;
        }
    }

    private async Task<Known> CreateAsync(EventDelivery delivery, CancellationToken cancellationToken)
    {
        var (recorded, at, key) = (delivery.Event, delivery.At, delivery.Key);
        var about = recorded.About;
        var subject = new JsonObject
        {
            ["apiVersion"] = about.ApiVersion,
            ["kind"] = about.Kind,
            ["name"] = about.Key.Name,
            ["uid"] = about.Uid,
        };
        if (about.Key.Namespace.Length > 0)
        {
            subject["namespace"] = about.Key.Namespace;
        }

        var created = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
            ["involvedObject"] = subject,
            ["type"] = recorded.Type,
            ["reason"] = recorded.Reason,
            ["message"] = recorded.Message,
            ["source"] = new JsonObject { ["component"] = options.EventSource },
            ["reportingComponent"] = options.EventSource,
            ["reportingInstance"] = "",
            ["count"] = 1,
            ["firstTimestamp"] = Time(at),
            ["lastTimestamp"] = Time(at),
        };
        var answer = await api.SendAsync(HttpMethod.Post, EventKind.CollectionPath(key.Namespace) + Manager(), created, ApiClient.Json, cancellationToken);
        return new(key, Version(answer), 1, at);
    }

    /// <summary>The object's name and a number that rises: two events of one moment are two.</summary>
    private string NameFor(string name)
    {
        _lastTicks = Math.Max(_lastTicks + 1, clock.GetUtcNow().Ticks);
        var suffix = $".{_lastTicks.ToString("x", CultureInfo.InvariantCulture)}";
        return name[..Math.Min(name.Length, MaxNameLength - suffix.Length)].TrimEnd('-', '.') + suffix;
    }

    private void Forget()
    {
        if (_known.Count < MaxKnown)
        {
            return;
        }

        foreach (var (recorded, _) in _known.OrderBy(entry => entry.Value.Last).Take(MaxKnown / 4).ToList())
        {
            _known.Remove(recorded);
        }
    }

    private string Manager() => $"?fieldManager={Uri.EscapeDataString(options.FieldManager)}";

    private static string Version(JsonElement answer) => ObjectJson.Version(JsonObject.Create(answer) ?? []);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private sealed record Known(ObjectKey Key, string Version, int Count, DateTimeOffset Last);
}
