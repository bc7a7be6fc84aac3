using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

/// <summary>A refusal, thrown inside the fake server and answered as a Status.</summary>
internal sealed class FakeStatus(int code, string reason, string message) : Exception(message)
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
    };
}
