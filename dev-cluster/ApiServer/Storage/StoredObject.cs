using System.Text;
using System.Text.Json.Nodes;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>One version of one object. Its value is never changed after it was stored; who wants to change it clones it.</summary>
internal sealed class StoredObject(ObjectKey key, JsonObject value, long revision)
{
    private byte[]? _json;

    public ObjectKey Key { get; } = key;
    public JsonObject Value { get; } = value;

    /// <summary>The revision at which this version was written: its <c>metadata.resourceVersion</c>.</summary>
    public long Revision { get; } = revision;

    /// <summary>The value as UTF-8 JSON; made once however many watchers send it.</summary>
    public ReadOnlyMemory<byte> Json => _json ??= Encoding.UTF8.GetBytes(Value.ToJsonString(JsonText.Options));

    public JsonObject Clone() => (JsonObject)Value.DeepClone();
}
