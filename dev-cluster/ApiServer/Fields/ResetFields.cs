namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>What a write to one endpoint of a kind cannot change: the main resource leaves status alone, and status leaves the rest alone.</summary>
internal static class ResetFields
{
    private static readonly string[] Status = ["status"];
    private static readonly string[] BuiltInSpec = ["spec", "metadata.labels"];
    private static readonly string[] CustomSpec = ["spec", "metadata"];

    public static IReadOnlyList<string> Of(string subresource, bool hasStatusSubresource, bool isCustomResource) => subresource switch
    {
        "" when hasStatusSubresource => Status,
        "status" => isCustomResource ? CustomSpec : BuiltInSpec,
        _ => [],
    };
}
