using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// Whether a value can be decoded into a built-in type. The API server decodes into structs, and refuses the first field whose JSON type is not
/// the struct's, in words that clients show to people.
/// </summary>
/// <param name="version">Version of the kind, which is the name of the package of its types.</param>
internal sealed class FieldTypes(string version)
{
    private const string SharedVersion = "v1";

    /// <summary>The complaint about the first field that does not fit, in order of the text; null when all fit. A null fits everywhere.</summary>
    public string? Mismatch(Schema schema, JsonNode? value) => Find(schema, value, new Place("", ""));

    /// <summary>The same about the metadata of a custom resource, which is the only part of it that has a type of the server's own.</summary>
    public static string? MetadataMismatch(JsonObject value) => new FieldTypes(SharedVersion).Mismatch(BuiltInSchemas.ObjectMeta, value["metadata"]);

    /// <summary>The words for a value's JSON type.</summary>
    public static string Word(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "object",
    };

    private string? Find(Schema schema, JsonNode? value, Place place) => (schema.Type, value) switch
    {
        (_, null) or (SchemaType.Any, _) => null,
        (SchemaType.Object, JsonObject map) when schema.AdditionalProperties is { } item => First(map, pair => Find(item, pair.Value, place)),
        (SchemaType.Object, JsonObject fields) => First(fields, pair => Field(schema, pair.Key, pair.Value, place)),
        (SchemaType.List, JsonArray items) => First(items, item => Find(schema.Items!, item, place)),
        (SchemaType.String, JsonValue text) when IsTime(schema) => Time(schema, text),
        (SchemaType.IntOrString, JsonValue either) when either.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => null,
        (SchemaType.Integer, JsonValue number) when number.GetValueKind() == JsonValueKind.Number => Integer(schema, number, place),
        _ when Fits(schema.Type, value) => null,
        _ => place.Refuse(Word(value), GoName(schema)),
    };

    private string? Field(Schema owner, string name, JsonNode? value, Place place) =>
        owner.Properties.TryGetValue(name, out var schema) ? Find(schema, value, place.Below(owner.TypeName, name)) : null;

    private static string? First<T>(IEnumerable<T> values, Func<T, string?> find) => values.Select(find).FirstOrDefault(problem => problem is not null);

    private static bool IsTime(Schema schema) => schema.Format is "date-time" or Timestamps.MicroTimeFormat;

    /// <summary>Times decode themselves, and so complain without naming their field.</summary>
    private static string? Time(Schema schema, JsonValue value) => value.TryGetValue(out string? text)
        ? GoTime.Problem(text, schema.Format == Timestamps.MicroTimeFormat)
        : new Place("", "").Refuse(Word(value), "string");

    private static string? Integer(Schema schema, JsonValue value, Place place)
    {
        var text = value.ToJsonString();
        var fits = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && (schema.Format != "int32" || number is >= int.MinValue and <= int.MaxValue);
        return fits ? null : place.Refuse($"number {text}", schema.Format);
    }

    private static bool Fits(SchemaType type, JsonNode value) => (type, value.GetValueKind()) is
        (SchemaType.String, JsonValueKind.String)
        or (SchemaType.Number, JsonValueKind.Number)
        or (SchemaType.Boolean, JsonValueKind.True or JsonValueKind.False);

    private string GoName(Schema schema) => schema.Type switch
    {
        SchemaType.Object when schema.AdditionalProperties is { } item => $"map[string]{GoName(item)}",
        SchemaType.Object => $"{(schema.TypeName == BuiltInSchemas.ObjectMeta.TypeName ? SharedVersion : version)}.{schema.TypeName}",
        SchemaType.List => $"[]{GoName(schema.Items!)}",
        SchemaType.String when schema.Format == "byte" => "[]uint8",
        SchemaType.String => "string",
        SchemaType.Boolean => "bool",
        SchemaType.Integer => schema.Format,
        SchemaType.Number => "float64",
        SchemaType.IntOrString => schema.Quantity ? "resource.Quantity" : "intstr.IntOrString",
        SchemaType.Any => "interface {}",
        _ => throw new InvalidOperationException($"unknown schema type {schema.Type}"),
    };

    /// <summary>Where a value stands: the struct that has the field, and the dotted path from the root without list and map positions.</summary>
    private readonly record struct Place(string Struct, string Path)
    {
        public Place Below(string owner, string field) => new(owner, Path.Length == 0 ? field : $"{Path}.{field}");

        public string Refuse(string given, string wanted) =>
            $"json: cannot unmarshal {given} into Go {(Path.Length == 0 ? "value" : $"struct field {Struct}.{Path}")} of type {wanted}";
    }
}
