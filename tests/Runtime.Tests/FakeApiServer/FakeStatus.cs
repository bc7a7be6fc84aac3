using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

/// <summary>A refusal, thrown inside the fake server and answered as a Status.</summary>
internal sealed class FakeStatus(int code, string reason, string message, params string[] causes) : Exception(message)
{
    public int Code => code;

    /// <summary>The object that it is about; empty when it is about none.</summary>
    public string Name { get; init; } = "";

    public JsonObject Json => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["code"] = code,
        ["reason"] = reason,
        ["message"] = Message,
        ["details"] = new JsonObject { ["name"] = Name, ["causes"] = new JsonArray([.. causes.Select(cause => new JsonObject { ["reason"] = cause })]) },
    };
}
