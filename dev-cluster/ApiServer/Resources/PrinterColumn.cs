namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>
/// One declared column of a Table answer. <paramref name="Type"/> is integer, number, string, boolean or date; columns of a
/// <paramref name="Priority"/> above 0 are for wide output; <paramref name="JsonPath"/> is as in a CRD (<c>.spec.replicas</c>).
/// </summary>
internal sealed record PrinterColumn(string Name, string Type, string Format, string Description, int Priority, string JsonPath);
