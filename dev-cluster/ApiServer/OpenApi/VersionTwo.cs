using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Discovery;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>
/// The document of OpenAPI version 2, which describes no kind. kubectl asks for it where version 3 says nothing of a kind (a List, or a kind whose
/// definition is not there yet) and where it patches a custom resource; it goes on by itself for a kind that it does not find, and stops on an error.
/// </summary>
internal static class VersionTwo
{
    public const string Path = "/openapi/v2";
    private const string AskedProtobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private const string SentProtobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>Protobuf for a client that asks for it, else JSON.</summary>
    public static (byte[] Body, string ContentType) Answer(string accept) =>
        accept.Contains(AskedProtobuf, StringComparison.Ordinal) ? (Protobuf(), SentProtobuf) : (Answers.Utf8(Json()), "application/json");

    private static JsonObject Json() => new()
    {
        ["swagger"] = "2.0",
        ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
        ["paths"] = new JsonObject(),
    };

    /// <summary>The same: field 1 is the format's version, field 2 the title and version of what is described, field 8 the paths.</summary>
    private static byte[] Protobuf() =>
        [.. Field(1, "2.0"u8), .. Field(2, [.. Field(1, "Kubernetes"u8), .. Field(2, "unversioned"u8)]), .. Field(8, [])];

    /// <summary>Lengths here are below 128, so they take one byte.</summary>
    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)((number << 3) | 2), checked((byte)content.Length), .. content];
}
