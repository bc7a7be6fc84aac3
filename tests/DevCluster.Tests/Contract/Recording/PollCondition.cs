using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>
/// What a repeated request waits for: an HTTP status, or a path of the body that exists or equals a value (null: absent, or JSON null).
/// </summary>
internal sealed record PollCondition(int? Status, IReadOnlyList<string> Path, bool MustExist, JsonNode? Value)
{
    public static PollCondition Parse(JsonNode condition) => new(
        condition["status"]?.GetValue<int>(),
        condition["path"]?.GetValue<string>().Split('.') ?? [],
        condition["exists"]?.GetValue<bool>() ?? false,
        condition["equals"]);

    public bool Holds(int status, JsonNode? body)
    {
        if (Status is { } wanted)
        {
            return status == wanted;
        }

        JsonNode? found = JsonPath.Find(body, Path);
        return MustExist ? found is not null : JsonNode.DeepEquals(found, Value);
    }
}
