using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>
/// One column of a kind's table: how clients are told of it, and how a row's cell is made of the object. A <see cref="Priority"/> above 0 means that
/// only wide output shows it.
/// </summary>
internal sealed record TableColumn(string Name, string Type, string Description, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Format { get; init; } = "";
    public int Priority { get; init; }

    public static TableColumn ObjectName { get; } = Text("Name", "Name of the object, unique in its namespace.", o => o["metadata"]?["name"]?.DeepClone()) with { Format = "name" };

    public static TableColumn ObjectAge { get; } =
        new("Age", "string", "Time since the object was created.", (o, now) => Tables.Age.Since(o["metadata"]?["creationTimestamp"], now));

    public static TableColumn CreatedAt { get; } =
        new("Created At", "date", "Time at which the object was created.", (o, _) => o["metadata"]?["creationTimestamp"]?.DeepClone());

    public static TableColumn Text(string name, string description, Func<JsonObject, JsonNode?> cell) => new(name, "string", description, (o, _) => cell(o));

    public static TableColumn Integer(string name, string description, Func<JsonObject, JsonNode?> cell) => new(name, "integer", description, (o, _) => cell(o));

    public TableColumn Wide() => this with { Priority = 1 };

    public JsonObject Definition() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = Priority,
    };
}
