using System.Text.Json;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The versions that this server knows of, as <c>POST /v2/repository/index</c> tells them.</summary>
internal static class RepositoryIndex
{
    /// <summary>Largest body that is read; a request for the index needs some twenty bytes.</summary>
    public const int MostBodyBytes = 4096;

    /// <param name="body">Empty asks for everything.</param>
    /// <exception cref="ServingException">The body is no request for an index.</exception>
    public static IReadOnlyList<IndexEntry> Of(ServingDataPlane plane, ReadOnlySpan<byte> body)
    {
        var readyOnly = ReadsReadyOnly(body);
        return
        [
            .. from entry in plane.Versions.Entries
               where !readyOnly || entry.State == VersionState.Ready
               select new IndexEntry(plane.Model, entry.Version, Word(entry.State), entry.Reason),
        ];
    }

    private static bool ReadsReadyOnly(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return false;
        }

        try
        {
            return JsonSerializer.Deserialize(body, RestJson.Default.IndexRequest)?.Ready ?? false;
        }
        catch (JsonException)
        {
            throw ServingException.Invalid("The body must be empty or a JSON object such as {\"ready\":true}.");
        }
    }

    private static string Word(VersionState state) => state switch
    {
        VersionState.Loading => "LOADING",
        VersionState.Ready => "READY",
        VersionState.Unloading => "UNLOADING",
        VersionState.Unavailable => "UNAVAILABLE",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "has no word in the index"),
    };
}
