using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// Schemas of Kubernetes' own kinds. Field names and types are read from the client library's models; what a type cannot say (list keys, atomic
/// values, which zero values are stored) comes from <see cref="ListFacts"/>, <see cref="AtomicFacts"/> and <see cref="OmissionFacts"/>.
/// Each schema is built once and shared.
/// </summary>
internal static partial class BuiltInSchemas
{
    private static readonly FrozenDictionary<(string Group, string Version, string Kind), Type> Kinds = FindKinds();
    private static readonly ConcurrentDictionary<Type, Schema> Types = new();
    private static readonly Lock Building = new();

    /// <summary>Schema of <c>metadata</c>, for kinds whose own schema leaves it out.</summary>
    public static Schema ObjectMeta => Get(typeof(V1ObjectMeta));

    /// <exception cref="ArgumentException">The client library has no such kind.</exception>
    public static Schema Get(string group, string version, string kind) =>
        Kinds.TryGetValue((group, version, kind), out var type)
            ? Get(type)
            : throw new ArgumentException($"No schema for {kind} of \"{group}/{version}\": the client library has no such model.");

    public static bool Has(string group, string version, string kind) => Kinds.ContainsKey((group, version, kind));

    private static Schema Get(Type type)
    {
        if (Types.TryGetValue(type, out var known))
        {
            return known;
        }

        lock (Building)
        {
            var building = new Dictionary<Type, Schema>();
            var schema = OfModel(type, building);
            foreach (var (built, node) in building)
            {
                Types.TryAdd(built, node);
            }

            return Types.GetOrAdd(type, schema);
        }
    }

    private static Schema OfModel(Type type, Dictionary<Type, Schema> building)
    {
        if (Types.TryGetValue(type, out var known) || building.TryGetValue(type, out known))
        {
            return known;
        }

        var fields = new Dictionary<string, Schema>(StringComparer.Ordinal);
        var schema = new Schema
        {
            Type = SchemaType.Object,
            TypeName = ModelPrefix().Replace(type.Name, ""),
            Properties = fields,
            AtomicMap = AtomicFacts.IsAtomicType(type.Name),
            Omission = Omission.Null,
        };

        // Entered before its fields are read: a recursive type finds itself here, and shares the dictionary that is being filled.
        building[type] = schema;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is { Name: var name })
            {
                fields[name] = OfField(type.Name, name, property.PropertyType, building);
            }
        }

        return schema;
    }

    private static Schema OfField(string owner, string name, Type type, Dictionary<Type, Schema> building)
    {
        var schema = OfType(type, building);
        schema = schema with { Format = FormatFacts.Of(owner, name, schema.Format) };
        schema = schema with { Omission = OmissionFacts.Of(owner, name, schema), AlwaysPresent = OmissionFacts.IsAlwaysPresent(owner, name) };
        if (AtomicFacts.IsAtomicField(owner, name))
        {
            schema = schema with { AtomicMap = true };
        }

        if (DefaultFacts.Of(owner, name) is { } value)
        {
            schema = schema with { Default = value };
        }

        return ListFacts.Apply(owner, name, schema);
    }

    private static Schema OfType(Type type, Dictionary<Type, Schema> building)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => new Schema { Type = SchemaType.String },
            _ when type == typeof(bool) => new Schema { Type = SchemaType.Boolean },
            _ when type == typeof(int) => new Schema { Type = SchemaType.Integer, Format = "int32" },
            _ when type == typeof(long) => new Schema { Type = SchemaType.Integer, Format = "int64" },
            _ when type == typeof(double) => new Schema { Type = SchemaType.Number, Format = "double" },
            _ when type == typeof(DateTime) => new Schema { Type = SchemaType.String, Format = "date-time" },
            _ when type == typeof(byte[]) => new Schema { Type = SchemaType.String, Format = "byte" },
            _ when type == typeof(IntOrString) => new Schema { Type = SchemaType.IntOrString, Format = "int-or-string" },
            _ when type == typeof(ResourceQuantity) => new Schema { Type = SchemaType.IntOrString, Quantity = true },
            _ when type == typeof(object) => new Schema { Type = SchemaType.Any, PreserveUnknownFields = true, AtomicMap = true },
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IList<>) =>
                new Schema { Type = SchemaType.List, Items = OfType(type.GetGenericArguments()[0], building) },
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IDictionary<,>) =>
                new Schema { Type = SchemaType.Object, AdditionalProperties = OfType(type.GetGenericArguments()[1], building) },
            _ when type.Namespace == typeof(V1Pod).Namespace => OfModel(type, building),
            _ => throw new NotSupportedException($"The model type {type} has no schema; add it to {nameof(BuiltInSchemas)}."),
        };
    }

    private static FrozenDictionary<(string Group, string Version, string Kind), Type> FindKinds() =>
        typeof(V1Pod).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(V1Pod).Namespace && !type.IsGenericType)
            .Select(type => (Type: type, Entity: type.GetCustomAttribute<KubernetesEntityAttribute>()))
            .Where(row => row.Entity is { Kind: not null, ApiVersion: not null })
            .GroupBy(row => (row.Entity!.Group ?? "", row.Entity.ApiVersion, row.Entity.Kind))
            .ToFrozenDictionary(rows => rows.Key, rows => rows.First().Type);

    /// <summary>The client library names a model by group (when ambiguous) and version first: <c>V1PodSpec</c>, <c>Corev1Event</c>.</summary>
    [GeneratedRegex("^([A-Z][a-z]+)?[vV][0-9]+((alpha|beta)[0-9]+)?(?=[A-Z])")]
    private static partial Regex ModelPrefix();
}
