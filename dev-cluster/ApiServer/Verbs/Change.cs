using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// What a request makes of an object. <paramref name="OwnersKnown"/> is true when the change has settled <c>managedFields</c> itself, as
/// server-side apply does.
/// </summary>
internal readonly record struct Change(JsonObject Object, bool OwnersKnown);

/// <summary>The object as it stands after a write. For a dry run nothing was stored.</summary>
internal readonly record struct WriteResult(JsonObject Object, bool Created);
