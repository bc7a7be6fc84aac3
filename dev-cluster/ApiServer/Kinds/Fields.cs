using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>Short forms for reading objects whose types the decoder has checked, and for filling what is unset.</summary>
internal static class Fields
{
    public static JsonObject? Object(this JsonObject? value, string name) => value?[name] as JsonObject;

    /// <summary>The struct of that name, made if it is not there.</summary>
    public static JsonObject Struct(this JsonObject value, string name)
    {
        if (value[name] is not JsonObject inner)
        {
            value[name] = inner = [];
        }

        return inner;
    }

    public static IEnumerable<JsonObject> Objects(this JsonObject? value, string name) => (value?[name] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Empty when absent or no string.</summary>
    public static string Text(this JsonObject? value, string name) => AsText(value?[name]) ?? "";

    public static string? AsText(this JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <returns>Null when absent or no whole number.</returns>
    public static long? Number(this JsonObject? value, string name) => value?[name].AsNumber();

    public static long? AsNumber(this JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out long number) ? number
        : value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out int small) ? small
        : null;

    public static bool IsTrue(this JsonObject? value, string name) => value?[name]?.GetValueKind() == JsonValueKind.True;

    /// <summary>Sets a field that is absent, null or the zero value of its type.</summary>
    public static void Fill(this JsonObject value, string name, JsonNode standard)
    {
        if (value[name] is not { } present || Zero.Is(present))
        {
            value[name] = standard;
        }
    }

    /// <summary>Sets a field only if nobody did: a zero counts as set.</summary>
    public static void FillUnset(this JsonObject value, string name, JsonNode standard)
    {
        if (value[name] is null)
        {
            value[name] = standard;
        }
    }
}
