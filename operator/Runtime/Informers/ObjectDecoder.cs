using System.Collections.Concurrent;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>
/// JSON of one kind into objects. An object that its type cannot hold is left out and logged once per version: it must not take the
/// rest of its kind with it. Safe for many threads.
/// </summary>
internal sealed class ObjectDecoder<T>(ResourceKind kind, ILogger logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<ObjectKey, string> _unreadable = [];

    /// <summary>Null means that the object cannot be read.</summary>
    public T? Decode(JsonElement json)
    {
        var key = KeyOf(json);
        try
        {
            var entity = KubernetesJson.Deserialize<T>(json);
            // A list of a built-in kind says its kind once, not for every item.
            entity.ApiVersion = kind.ApiVersion;
            entity.Kind = kind.Kind;
            // They weigh as much as the rest, and nothing that is decided from the cache depends on them.
            entity.Metadata?.ManagedFields = null;
            Forget(key);
            return entity;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException or ArgumentException or ArithmeticException or InvalidOperationException)
        {
            var version = VersionOf(json);
            if (!_unreadable.TryGetValue(key, out var known) || known != version)
            {
                _unreadable[key] = version;
                Log.ObjectUnreadable(logger, kind.Resource, key, typeof(T).Name, exception);
            }

            return null;
        }
    }

    public void Forget(ObjectKey key) => _unreadable.TryRemove(key, out _);

    public static ObjectKey KeyOf(JsonElement json) =>
        json.TryGetProperty("metadata", out var metadata) ? new(Text(metadata, "namespace"), Text(metadata, "name")) : default;

    public static string VersionOf(JsonElement json) =>
        json.TryGetProperty("metadata", out var metadata) ? Text(metadata, "resourceVersion") : "";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
