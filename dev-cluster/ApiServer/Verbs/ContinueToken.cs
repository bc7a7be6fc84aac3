using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// Where the next page of a list starts: after the object of <paramref name="Last"/> (<c>name</c> within one namespace, <c>namespace/name</c>
/// over all), as of a revision; a negative revision means as of now.
/// </summary>
internal readonly record struct ContinueToken(long Revision, string Last)
{
    private const string Version = "meta.k8s.io/v1";

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        new JsonObject { ["v"] = Version, ["rv"] = Revision, ["start"] = $"{Last}\0" }.ToJsonString()));

    /// <exception cref="StatusException">400 when the text is no token of this server's form.</exception>
    public static ContinueToken Parse(string text)
    {
        try
        {
            var token = JsonReading.Read(Base64Url.DecodeFromChars(text)).Value as JsonObject;
            if ((string?)token?["v"] == Version && token["rv"].AsNumber() is { } revision && revision != 0 && (string?)token["start"] is { Length: > 0 } start)
            {
                return new ContinueToken(revision, start.TrimStart('/').TrimEnd('\0'));
            }
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw Refused(e.Message);
        }

        throw Refused("a version, a revision and a start are needed");
    }

    private static StatusException Refused(string why) =>
        StatusErrors.BadRequest($"invalid continue token: continue key is not valid: {why}");
}
