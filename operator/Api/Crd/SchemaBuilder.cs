using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.Api.Crd;

/// <summary>
/// Turns an API type into a structural schema: descriptions and bounds from its attributes, defaults of scalars from its initial values.
/// Throws when a type has something that a structural schema, or CEL's cost estimate, cannot do with.
/// </summary>
internal static class SchemaBuilder
{
    public static V1JSONSchemaProps Build(Type type)
    {
        var schema = new V1JSONSchemaProps
        {
            Type = "object",
            Properties = new Dictionary<string, V1JSONSchemaProps>(),
            XKubernetesValidations = Rules(type),
        };
        var initial = RuntimeHelpers.GetUninitializedObject(type);
        if (type.GetConstructor(Type.EmptyTypes) is { } constructor)
        {
            initial = constructor.Invoke(null);
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var isRequired = property.IsDefined(typeof(RequiredMemberAttribute));
            var child = Property(property, isRequired ? null : property.GetValue(initial));
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            schema.Properties[name] = child;
            if (isRequired)
            {
                (schema.Required ??= []).Add(name);
            }
        }

        return schema;
    }

    private static V1JSONSchemaProps Property(PropertyInfo property, object? initial)
    {
        var schema = Value(property, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, initial);
        schema.Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description
            ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} has no [Description].");
        schema.XKubernetesValidations = [.. Rules(property) ?? [], .. schema.XKubernetesValidations ?? []];
        if (schema.XKubernetesValidations.Count == 0)
        {
            schema.XKubernetesValidations = null;
        }

        return schema;
    }

    private static V1JSONSchemaProps Value(PropertyInfo property, Type type, object? initial)
    {
        if (type == typeof(string))
        {
            return Text(property, (string?)initial);
        }

        if (type == typeof(int) || type == typeof(long))
        {
            var range = property.GetCustomAttribute<RangeAttribute>();
            return new()
            {
                Type = "integer",
                Format = type == typeof(int) ? "int32" : "int64",
                Minimum = range is null ? null : (int)range.Minimum,
                Maximum = range is null ? null : (int)range.Maximum,
                DefaultProperty = range is null ? null : initial,
            };
        }

        if (type == typeof(decimal))
        {
            var range = property.GetCustomAttribute<RangeAttribute>() ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} needs [Range].");
            return new() { Type = "number", Minimum = (double)range.Minimum, Maximum = (double)range.Maximum, DefaultProperty = initial };
        }

        if (type == typeof(DateTime))
        {
            return new() { Type = "string", Format = "date-time" };
        }

        if (type == typeof(bool))
        {
            // What is absent is read as false, so that only true needs to be stored.
            return new() { Type = "boolean", DefaultProperty = initial is true ? initial : null };
        }

        if (type == typeof(JsonObject))
        {
            return new() { Type = "object", XKubernetesPreserveUnknownFields = true };
        }

        if (type == typeof(IReadOnlyDictionary<string, Quantity>))
        {
            return new()
            {
                Type = "object",
                MaxProperties = Bound<MaxPropertiesAttribute>(property).Count,
                AdditionalProperties = new V1JSONSchemaProps
                {
                    // Bounds of numbers stand beside the alternatives: with anything but a type in them they would be no int-or-string.
                    AnyOf = [new() { Type = "integer" }, new() { Type = "string" }],
                    Minimum = 0,
                    Maximum = Quantity.MostWhole,
                    Pattern = Quantity.Pattern,
                    MaxLength = Quantity.MaxLength,
                    XKubernetesIntOrString = true,
                },
            };
        }

        if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            return new() { Type = "object", MaxProperties = Bound<MaxPropertiesAttribute>(property).Count, AdditionalProperties = Words(property) };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return List(property, type.GetGenericArguments()[0]);
        }

        var schema = Build(type);
        if (initial is not null)
        {
            // An empty object: the API server then fills in the defaults of its fields.
            schema.DefaultProperty = new Dictionary<string, object>();
        }

        return schema;
    }

    private static V1JSONSchemaProps Text(PropertyInfo property, string? initial)
    {
        if (property.GetCustomAttribute<GoDurationAttribute>() is { } duration)
        {
            return new()
            {
                Type = "string",
                MaxLength = GoDuration.MaxLength,
                Pattern = GoDuration.Pattern,
                DefaultProperty = initial,
                XKubernetesValidations =
                [
                    new()
                    {
                        Rule = $"duration(self) >= duration('{duration.Least}') && duration(self) <= duration('{duration.Most}')",
                        Message = $"must be from {duration.Least} to {duration.Most}",
                    },
                ],
            };
        }

        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } words)
        {
            return new() { Type = "string", EnumProperty = [.. words.Values.Select(word => word!)], DefaultProperty = initial };
        }

        var length = property.GetCustomAttribute<StringLengthAttribute>();
        return new()
        {
            Type = "string",
            MinLength = length?.MinimumLength,
            MaxLength = length?.MaximumLength ?? Bound<MaxLengthAttribute>(property).Length,
            Pattern = property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern,
        };
    }

    private static V1JSONSchemaProps List(PropertyInfo property, Type item)
    {
        var keys = property.GetCustomAttribute<ListMapKeysAttribute>()?.Keys;
        var bounds = Bound<MaxItemsAttribute>(property);
        return new()
        {
            Type = "array",
            MinItems = bounds.Least > 0 ? bounds.Least : null,
            MaxItems = bounds.Count,
            Items = item == typeof(long) ? new V1JSONSchemaProps { Type = "integer", Format = "int64" }
                : item == typeof(string) ? Words(property)
                : item == typeof(V1Condition) ? ConditionSchema.Build()
                : item == typeof(JsonObject) ? new V1JSONSchemaProps { Type = "object", XKubernetesPreserveUnknownFields = true }
                : Build(item),
            XKubernetesListType = keys is null ? "atomic" : "map",
            XKubernetesListMapKeys = keys is null ? null : [.. keys],
        };
    }

    /// <summary>The texts in a list or map.</summary>
    private static V1JSONSchemaProps Words(PropertyInfo property) => new()
    {
        Type = "string",
        MaxLength = Bound<MaxItemLengthAttribute>(property).Length,
        Pattern = property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern,
    };

    private static List<V1ValidationRule>? Rules(MemberInfo member)
    {
        var rules = member.GetCustomAttributes<CelAttribute>()
            .Select(cel => new V1ValidationRule { Rule = cel.Rule, Message = cel.Message, FieldPath = cel.FieldPath.Length > 0 ? cel.FieldPath : null })
            .ToList();
        return rules.Count == 0 ? null : rules;
    }

    private static T Bound<T>(PropertyInfo property)
        where T : Attribute => property.GetCustomAttribute<T>()
            ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} needs [{typeof(T).Name.Replace("Attribute", "", StringComparison.Ordinal)}].");
}
