using System.Text.Json;

namespace Slipway.Runtime;

/// <summary>One line of a watch: the type as the API server writes it (ADDED, MODIFIED, DELETED, BOOKMARK), and the object.</summary>
internal readonly record struct WatchEvent(string Type, JsonElement Object);
