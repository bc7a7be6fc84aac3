using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.CustomResources;

/// <summary>Valid-by-default objects for tests of custom resources.</summary>
internal static class A
{
    public static JsonObject Json(string text) => JsonNode.Parse(text.Replace('\'', '"'))!.AsObject();

    /// <summary>A schema of an object whose <c>spec</c> has these properties, in JSON with single quotes.</summary>
    public static Schema Schema(string specProperties, string specExtras = "") => StructuralSchema.Parse(Json(
        "{'type':'object','properties':{'spec':{'type':'object'," + specExtras + "'properties':{" + specProperties + "}}}}"));

    public static JsonObject Object(string spec) =>
        Json("{'apiVersion':'test.dev/v1','kind':'Thing','metadata':{'name':'x'},'spec':{" + spec + "}}");
}
