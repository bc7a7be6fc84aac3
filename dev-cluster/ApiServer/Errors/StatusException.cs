using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Errors;

/// <summary>
/// A request that ends in a <c>Status</c> object other than success. <paramref name="code"/> is the HTTP status, <paramref name="reason"/>
/// the machine's word ("NotFound"; empty leaves it out), <paramref name="details"/> the object under <c>details</c>, or null for none,
/// <paramref name="metadata"/> what its metadata holds, or null for nothing.
/// </summary>
internal sealed class StatusException(int code, string reason, string message, JsonObject? details = null, JsonObject? metadata = null)
    : Exception(message)
{
    public int Code { get; } = code;
    public string Reason { get; } = reason;
    public JsonObject? Details { get; } = details;
    public JsonObject? Metadata { get; } = metadata;

    /// <summary>The object that the client reads.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Metadata?.DeepClone() ?? new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
