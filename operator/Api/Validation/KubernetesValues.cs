using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Slipway.Api.Validation;

/// <summary>Reads values that somebody wrote as Kubernetes' types, and tells what does not fit with its place.</summary>
public static class KubernetesValues
{
    private const string Misfit = "is of another type than the field is.";
    private static readonly JsonSerializerOptions Options = WithPlaces();

    /// <summary>The value as <typeparamref name="T"/>; null, and why as <paramref name="error"/>, when it does not fit.</summary>
    /// <param name="path">Where the user wrote it; empty for a whole object.</param>
    public static T? Read<T>(JsonNode written, string path, out FieldError? error)
        where T : class
    {
        error = null;
        try
        {
            return KubernetesJson.Deserialize<T>(written.ToJsonString(), Options);
        }
        catch (JsonException exception)
        {
            // The reader's own messages speak of .NET types.
            error = new($"{path}{exception.Path?[1..]}".TrimStart('.'), exception is QuantityException ? exception.Message : Misfit);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or NotSupportedException or ArgumentException or OverflowException)
        {
            error = new(path, exception.Message);
        }

        return null;
    }

    private static JsonSerializerOptions WithPlaces()
    {
        JsonSerializerOptions? own = null;
        KubernetesJson.AddJsonOptions(options => own = new(options));
        own!.Converters.Insert(0, new QuantityReader());
        own.Converters.Insert(0, new PortReader());
        return own;
    }

    private sealed class QuantityException(string message) : JsonException(message);

    /// <summary>The client's own reader throws what the serializer does not know, so that the place is lost.</summary>
    private sealed class QuantityReader : JsonConverter<ResourceQuantity>
    {
        public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            {
                throw new JsonException();
            }

            using var value = JsonDocument.ParseValue(ref reader);
            var text = value.RootElement.ToString();
            try
            {
                return new(text);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
            {
                throw new QuantityException($"'{text}' is no quantity; write it like 500m, 2 or 512Mi.");
            }
        }

        public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <inheritdoc cref="QuantityReader"/>
    private sealed class PortReader : JsonConverter<IntOrString>
    {
        public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
