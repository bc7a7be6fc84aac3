using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

/// <summary>A refusal, thrown inside the fake server and answered as a Status.</summary>
internal sealed class FakeStatus(int code, string reason, string message, params string[] causes) : Exception(message)
{
    public int Code => code;

    public JsonObject Json => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["code"] = code,
        ["reason"] = reason,
        ["message"] = Message,
        ["details"] = new JsonObject { ["causes"] = new JsonArray([.. causes.Select(cause => new JsonObject { ["reason"] = cause })]) },
    };
}
