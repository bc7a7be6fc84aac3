namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A ModelDeployment as a user writes it; a test states only what it is about.</summary>
internal static class Manifest
{
    /// <param name="more">Lines below <c>spec</c>, indented by two.</param>
    public static string Of(string name = "fraud-detector", string? uri = null, string version = "1", int replicas = 1, string digest = "", string credentialsSecret = "", string more = "") => $"""
        apiVersion: slipway.dev/v1alpha1
        kind: ModelDeployment
        metadata:
          name: {name}
        spec:
          model:
            uri: {uri ?? $"{TestCluster.Models}/fraud-detector"}
            version: "{version}"
            digest: "{digest}"
            credentialsSecret: "{credentialsSecret}"
          replicas: {replicas}
        {more}
        """;
}
