using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Errors;

/// <summary>
/// A request that ends in a <c>Status</c> object other than success. <paramref name="code"/> is the HTTP status, <paramref name="reason"/>
/// the machine's word ("NotFound"; empty leaves it out), <paramref name="details"/> the object under <c>details</c>, or null for none.
/// </summary>
internal sealed class StatusException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;
    public string Reason { get; } = reason;
    public JsonObject? Details { get; } = details;
}
