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

    public async Task WriteAsync(RecordedEvent recorded, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(recorded, out var known)
            && at - known.Last < Memory
            && await CountUpAsync(known, at, cancellationToken) is { } version)
        {
            _known[recorded] = new(known.Key, version, known.Count + 1, at);
            return;
        }

        var created = await CreateAsync(recorded, at, cancellationToken);
        Forget();
        _known[recorded] = created;
    }

    /// <summary>The Event's new version; null when it is no longer there, or not as it was left.</summary>
    private async Task<string?> CountUpAsync(Known known, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = known.Version },
            ["count"] = known.Count + 1,
            ["lastTimestamp"] = Time(at),
        };
        try
        {
            return Version(await api.SendAsync(HttpMethod.Patch, EventKind.ObjectPath(known.Key) + Manager(), patch, ApiClient.MergePatch, cancellationToken));
        }
        catch (ApiException exception) when (exception.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    private async Task<Known> CreateAsync(RecordedEvent recorded, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var about = recorded.About;
        var key = new ObjectKey(about.Key.Namespace.Length == 0 ? "default" : about.Key.Namespace, NameFor(about.Key.Name));
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
